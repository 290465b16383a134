import { describe, it } from "@std/testing/bdd";
import { assertEquals } from "@std/assert";
import { readBunReport, readDenoReport, readNodeReport } from "../../scripts/tally.ts";

describe("readDenoReport()", () => {
  it("counts tests, not the groups around them", () => {
    const report = `<testsuites name="deno test" tests="5" failures="3">
      <testcase name="A" line="4"><failure message="1 test step failed">1 test step failed.</failure></testcase>
      <testcase name="top" line="14">
      </testcase>
      <testcase name="A &gt; B"><failure message="1 test step failed">1 test step failed.</failure></testcase>
      <testcase name="A &gt; B &gt; x"></testcase>
      <testcase name="A &gt; B &gt; y"><failure message="Uncaught Error">Error: fails</failure></testcase>
    </testsuites>`;

    assertEquals(readDenoReport(report), { passed: 2, failed: 1 });
  });

  it("counts a skipped test as one that did not pass", () => {
    assertEquals(readDenoReport(`<testcase name="a"><skipped/></testcase>`), { passed: 0, failed: 1 });
  });

  it("counts nothing in an empty report", () => {
    assertEquals(readDenoReport(""), { passed: 0, failed: 0 });
  });
});

describe("readNodeReport()", () => {
  it("reads the closing comments", () => {
    const report = "ok 1 - a\n# tests 9\n# suites 2\n# pass 4\n# fail 1\n# cancelled 1\n# skipped 2\n# todo 1\n";

    assertEquals(readNodeReport(report), { passed: 4, failed: 5 });
  });

  it("counts nothing in an empty report", () => {
    assertEquals(readNodeReport(""), { passed: 0, failed: 0 });
  });
});

describe("readBunReport()", () => {
  it("reads the closing lines", () => {
    const output =
      "(pass) 7 pass [1ms]\n\n 10 pass\n 2 skip\n 1 todo\n 3 fail\n 1 error\nRan 16 tests across 1 file.\n";

    assertEquals(readBunReport(output), { passed: 10, failed: 7 });
  });

  it("counts nothing when there is no report", () => {
    assertEquals(readBunReport("error: no tests found"), { passed: 0, failed: 0 });
  });
});
