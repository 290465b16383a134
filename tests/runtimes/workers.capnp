# Runs the bundled tests in workerd: workerd test workers.capnp
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(
    name = "tests",
    worker = (
      modules = [(name = "worker", esModule = embed "all.mjs")],
      compatibilityDate = "2025-11-01",
    ),
  )],
);
