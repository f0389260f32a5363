// Makes a fixture of what an agent sent: the same structure, names, types, order and sizes, none of its maker's prose, no
// secrets and nothing of the machine that it was recorded on.
//
// A prose text of n characters becomes ‹prose n›, which prose.mjs fills with words of our own when it is replayed.
import { ours } from "./agents.mjs";

const identifier = /^[A-Za-z0-9_.:/@$+*-]{0,64}$/;
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const tag = /^(<[a-z_-]+>)([^]*?)(<\/[a-z_-]+>)?(\s*)$/;
const left = new Set(["host", "content-length", "connection"]);
const grammar = "start: line+\nline: /.+/\n";

/** Scrubs one recorded request. `paths` maps places of this machine to ones of nobody's. */
export function scrub({ method, path, headers, body }, paths, ids) {
  const text = (value) => Object.entries(paths).reduce((all, [from, to]) => all.replaceAll(from, to), value).replace(uuid, (id) => same(ids, id));
  const kept = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i];
    if (left.has(name.toLowerCase())) continue;
    const secret = /^(authorization|x-api-key)$/i.test(name);
    kept.push([name, secret ? headers[i + 1].replace(/\S+$/, "caller-key") : inJson(headers[i + 1], text) ?? text(headers[i + 1])]);
  }
  return { method, path: text(path), headers: kept, body: body === "" ? null : value(JSON.parse(body), "", text) };
}

function value(it, key, text) {
  if (typeof it === "string") return string(text(it), key, text);
  if (Array.isArray(it)) return it.map((item) => value(item, key, text));
  if (it === null || typeof it !== "object") return it;
  return Object.fromEntries(Object.entries(it).map(([name, item]) => [name, name === "model" && key === "" ? "MODEL" : value(item, name, text)]));
}

function string(it, key, text) {
  if (key === "definition") return grammar;
  if (identifier.test(it) || key === "pattern" || key === "$schema" || ours.includes(it)) return hex(it);
  if (/^x-[a-z-]+: [\x21-\x7e ]+$/.test(it)) return it;
  const json = inJson(it, text);
  if (json !== undefined) return json;
  // Our own words stay where they are; the name of a tag is a name.
  const [, open = "", inner = it, close = "", end = ""] = tag.exec(it) ?? [];
  const own = ours.find((part) => inner.includes(part));
  const at = own === undefined ? inner.length : inner.indexOf(own);
  return open + prose(at) + (own ?? "") + prose(inner.length - at - (own?.length ?? 0)) + close + end;
}

const prose = (length) => (length > 0 ? `‹prose ${length}›` : "");
const hex = (it) => (/^[0-9a-f]{32,}$/.test(it) ? "0".repeat(it.length) : it);

// Objects that are sent as texts keep their shape too.
function inJson(it, text) {
  if (!/^[{[]/.test(it)) return undefined;
  try {
    return JSON.stringify(value(JSON.parse(it), "json", text));
  } catch {
    return undefined;
  }
}

// The same id comes back as the same id.
function same(ids, id) {
  if (id.startsWith("00000000-")) return id;
  if (!ids.has(id)) ids.set(id, `00000000-0000-4000-8000-${String(ids.size + 1).padStart(12, "0")}`);
  return ids.get(id);
}
