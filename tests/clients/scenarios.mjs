// What every client is asked to do, and how its results are made comparable: ids and timings go, everything else stays.
export const pixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

export const weatherSchema = {
  type: "object",
  properties: { city: { type: "string" }, unit: { type: "string", enum: ["C", "F"] } },
  required: ["city"],
  additionalProperties: false,
};

export const wineSchema = {
  type: "object",
  properties: { name: { type: "string" }, year: { type: "integer" } },
  required: ["name", "year"],
  additionalProperties: false,
};

/** Runs each named case against two clients and prints one JSON line per comparison. */
export async function compare(cases, direct, routed, label) {
  for (const [name, run] of Object.entries(cases)) {
    let expected, actual, error;
    try {
      expected = await run(direct.client, direct.model);
      actual = await run(routed.client, routed.model);
    } catch (failure) {
      error = `${failure?.constructor?.name}: ${failure?.message}`;
    }
    const same = error === undefined && JSON.stringify(expected) === JSON.stringify(actual);
    console.log(JSON.stringify({ case: `${label} ${name}`, same, expected, actual, error }));
  }
}
