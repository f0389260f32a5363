// Prints a Markdown table of two or more runs of `sommelier conformance --json`: node table.mjs Name=FILE...
import { readFileSync } from 'node:fs'

const runs = process.argv.slice(2).map(argument => {
  const [name, file] = argument.split('=')
  return { name, ...JSON.parse(readFileSync(file, 'utf8')) }
})

// What went wrong in one case, said once for the dialects and kinds that it holds for.
function cell(results) {
  const failed = results.filter(result => !result.passed)
  if (results.length === 0) return 'not run'
  if (failed.length === 0) return 'pass'
  const kindsOf = list => [...new Set(list.map(result => result.kind))]
  const faults = [...new Set(failed.map(result => result.fault))]
  return faults.map(fault => {
    const these = failed.filter(result => result.fault === fault)
    const kinds = kindsOf(these)
    const all = results.filter(result => kinds.includes(result.kind))
    const dialects = [...new Set(these.map(result => result.dialect))]
    const where = [
      ...(kinds.length < kindsOf(results).length ? kinds : []),
      ...(these.length < all.length ? dialects : []),
    ].join(', ')
    return `FAIL${where ? ` (${where})` : ''}: ${fault}`
  }).join('; ')
}

const cases = new Map(runs.flatMap(run => run.results).map(result => [result.case, result]))
console.log(`| case | the provider | the caller is owed | ${runs.map(run => run.name).join(' | ')} |`)
console.log(`|---|---|---|${runs.map(() => '---|').join('')}`)
for (const [name, { upstream, duty }] of [...cases].sort((a, b) => order(a[0]) - order(b[0]))) {
  const cells = runs.map(run => cell(run.results.filter(result => result.case === name)))
  console.log(`| \`${name}\` | ${upstream} | ${duty} | ${cells.join(' | ')} |`)
}
console.log(`\nPassed: ${runs.map(run => `${run.name} ${run.passed} of ${run.passed + run.failed}`).join(', ')}.`)

// The order of the second run, whose cases are played one after the other.
function order(name) {
  return runs.at(-1).results.findIndex(result => result.case === name)
}
