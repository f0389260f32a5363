// node compare.mjs record PROMPTFOO.json LOG EXPECTED.json | node compare.mjs check NAME EXPECTED.json RUN LOG
// record: what promptfoo said of each assertion, and what it asked. check: the same of a run, side by side; exits 1 at a difference.
import fs from "node:fs";

const lines = (file) => (fs.existsSync(file) ? fs.readFileSync(file, "utf8").split("\n").filter(Boolean) : []);
const round = (score) => Math.round(score * 1e6) / 1e6;
// Sent once or twice, a request is the same request.
const requests = (file) => [...new Set(lines(file).map((line) => JSON.stringify(JSON.parse(line).map(({ role, content }) => ({ role, content })))))].sort();

// Names are the metric, else the type; the same name again gets a number.
function named(grades) {
  const seen = {};
  return grades.map(({ name, ...rest }) => {
    seen[name] = (seen[name] ?? 0) + 1;
    return { name: seen[name] === 1 ? name : `${name}#${seen[name]}`, ...rest };
  });
}

function ofPromptfoo(result) {
  const grades = [];
  const components = result.gradingResult?.componentResults ?? [];
  for (let i = 0; i < components.length; i++) {
    const one = components[i];
    const set = one.metadata?.assertionSet;
    grades.push({ name: set?.metric ?? one.assertion?.metric ?? one.assertion?.type ?? "assert-set", type: set ? "assert-set" : one.assertion.type, pass: one.pass, score: round(one.score) });
    i += set ? set.assertionCount : 0;
  }
  return { pass: result.success, score: round(result.score), asserts: named(grades) };
}

const [verb, ...files] = process.argv.slice(2);
if (verb === "record") {
  const [results, log, expected] = files;
  const all = JSON.parse(fs.readFileSync(results, "utf8")).results.results.sort((a, b) => a.testIdx - b.testIdx || a.promptIdx - b.promptIdx);
  const errors = all.filter((result) => result.error && !result.gradingResult);
  if (errors.length) throw new Error(`promptfoo could not run ${errors.length} tests: ${errors[0].error}`);
  fs.writeFileSync(expected, JSON.stringify({ requests: requests(log), cases: all.map(ofPromptfoo) }, null, 1) + "\n");
} else {
  const [name, expectedFile, run, log] = files;
  const expected = JSON.parse(fs.readFileSync(expectedFile, "utf8"));
  const results = new Map(lines(`${run}/results.jsonl`).map((line) => JSON.parse(line)).map((result) => [result.case, result]));
  const cases = lines(`${run}/cases.jsonl`).map((line) => JSON.parse(line).case);
  let different = 0;
  const row = (what, theirs, ours) => {
    const same = theirs === ours;
    different += same ? 0 : 1;
    console.log(`${same ? "  " : "≠ "}${name.padEnd(16)} ${what.padEnd(34)} ${theirs.padEnd(16)} ${ours}`);
  };
  const said = (grade) => (grade ? `${grade.pass ? "pass" : "fail"} ${grade.score}` : "absent");
  for (let i = 0; i < Math.max(cases.length, expected.cases.length); i++) {
    const theirs = expected.cases[i];
    const result = results.get(cases[i]);
    const ours = result && named(result.grades.map((grade) => ({ name: grade.metric ?? grade.kind, pass: grade.state === "passed", missing: grade.state === "missing", score: round(grade.score) })));
    const inOrder = [...(ours ?? [])];
    for (const assertion of theirs?.asserts ?? []) {
      const grade = inOrder.splice(Math.max(0, inOrder.findIndex((one) => one.name === assertion.name)), inOrder.some((one) => one.name === assertion.name) ? 1 : 0)[0];
      // A pass of weight 0 counts for nothing: promptfoo writes it over the verdict, and the verdict stays on record here.
      row(`${i + 1} ${assertion.name} ${assertion.type}`, said(assertion), grade?.missing ? "missing" : said(grade && { ...grade, pass: grade.pass || result.grades.some((one) => (one.metric ?? one.kind) === grade.name && one.weight === 0) }));
    }
    inOrder.forEach((grade) => row(`${i + 1} ${grade.name}`, "absent", said(grade)));
    row(`${i + 1} the case`, said(theirs), result ? `${result.passed ? "pass" : "fail"} ${round(result.score ?? -1)}` : "absent");
  }
  const asked = requests(log);
  expected.requests.filter((one) => !asked.includes(one)).forEach((one) => row("request", one, "not asked"));
  asked.filter((one) => !expected.requests.includes(one)).forEach((one) => row("request", "not asked", one));
  process.exit(different ? 1 : 0);
}
