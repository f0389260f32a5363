// Fills the places that scrub.mjs left with words of our own, each text unlike the others, so that a lost one is missed.
const words = "the cellar keeps red and white bottles on oak racks where guests may choose one for the evening and taste it slowly".split(" ");

/** A fixture's request as it is sent: texts filled in, the model named. */
export function fill({ method, path, headers, body }, model) {
  let count = 0;
  const walk = (it) => {
    if (typeof it === "string") return it === "MODEL" ? model : it.replace(/‹prose (\d+)›/g, (_, length) => text(Number(length), count++));
    if (Array.isArray(it)) return it.map(walk);
    return it === null || typeof it !== "object" ? it : Object.fromEntries(Object.entries(it).map(([name, item]) => [name, walk(item)]));
  };
  return { method, path, headers, body: body === null ? undefined : JSON.stringify(walk(body)) };
}

function text(length, number) {
  let all = `Note ${number}:`;
  for (let at = number; all.length < length; at++) all += ` ${words[at % words.length]}`;
  return all.slice(0, length);
}
