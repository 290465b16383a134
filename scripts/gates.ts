// The checks that must hold before a test is worth running.

/** One check: its name, and the commands that make it up. */
export interface Gate {
  /** As it is printed. */
  name: string;
  /** Commands, each with its arguments; `deno` is the one that runs this. */
  commands: string[][];
}

const ROOT = new URL("..", import.meta.url);

/** Every gate, the quick ones first. */
export async function listGates(): Promise<Gate[]> {
  const manifest = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  const entries: string[] = Object.values(manifest.exports);
  return [
    { name: "format", commands: [["deno", "fmt", "--check"]] },
    { name: "lint", commands: [["deno", "lint", "--quiet"]] },
    { name: "version", commands: [["deno", "run", "--allow-read=.", "scripts/version.ts"]] },
    { name: "layers", commands: [["deno", "run", "--allow-read", "--allow-env", "scripts/check_layers.ts"]] },
    {
      name: "types, examples included",
      commands: [["deno", "check", "--quiet", "--doc"], [
        "deno",
        "check",
        "--quiet",
        "--doc-only",
        ...await listGuides(),
      ]],
    },
    {
      name: "types with web libraries only",
      commands: [["deno", "check", "--quiet", "--config", "scripts/web.json", ...entries]],
    },
    { name: "documentation", commands: [["deno", "doc", "--quiet", "--lint", ...entries]] },
    { name: "publish dry run", commands: [["deno", "publish", "--quiet", "--dry-run", "--allow-dirty"]] },
  ];
}

/** The documents at the root; their examples are code too. */
async function listGuides(): Promise<string[]> {
  const guides: string[] = [];
  for await (const { name } of Deno.readDir(ROOT)) {
    if (name.endsWith(".md")) guides.push(name);
  }
  return guides.sort();
}

/** Runs one gate; prints what its commands say only when one of them fails. */
export async function runGate({ name, commands }: Gate): Promise<boolean> {
  const start = Date.now();
  for (const [command, ...args] of commands) {
    const program = command === "deno" ? Deno.execPath() : command;
    const { success, stdout, stderr } = await new Deno.Command(program, { args, cwd: ROOT }).output();
    if (success) continue;
    await Deno.stderr.write(stdout);
    await Deno.stderr.write(stderr);
    console.error(`gate failed: ${name} (${[command, ...args].join(" ")})`);
    return false;
  }
  console.log(`gate passed: ${name} (${seconds(start)} s)`);
  return true;
}

function seconds(start: number): string {
  return ((Date.now() - start) / 1000).toFixed(1);
}
