namespace Sommelier.Evals.Importing;

/// <summary>Checks of other tools for which there is no grader, as scripts of a suite. They read what is right from the case's variables.</summary>
internal static class CheckScripts
{
    private const string Normal = """
        const plain = (text) => String(text).toLowerCase().replace(/[!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]/g, '').replace(/\b(a|an|the)\b/g, ' ').split(/\s+/).filter(Boolean).join(' ');
        const wanted = [].concat(context.vars.ideal).map(String);
        """;

    /// <summary>Either text holds the other, without capitals, punctuation and articles: the registry's FuzzyMatch.</summary>
    public const string Fuzzy = Normal + "\n" + """
        const said = plain(output);
        return wanted.some((text) => said === plain(text) || (said !== '' && plain(text) !== '' && (said.includes(plain(text)) || plain(text).includes(said))));
        """;

    /// <summary>The same text, without capitals, punctuation and articles: Inspect's exact.</summary>
    public const string Exact = Normal + "\n" + """
        return wanted.some((text) => plain(text) === plain(output));
        """;

    /// <summary>The F1 of words shared with the best of the texts, without capitals, punctuation and articles: Inspect's f1.</summary>
    public const string SharedWords = Normal + "\n" + """
        const said = [...new Set(plain(output).split(' ').filter(Boolean))];
        return Math.max(...wanted.map((text) => {
          const right = [...new Set(plain(text).split(' ').filter(Boolean))];
          const both = said.filter((word) => right.includes(word)).length;
          return both === 0 ? 0 : 2 * both / (said.length + right.length);
        }));
        """;

    /// <summary>JSON of the same value as one of the texts: the registry's JsonMatch.</summary>
    public const string Json = """
        const sorted = (value) => Array.isArray(value) ? value.map(sorted) : value && typeof value === 'object' ? Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])])) : value;
        const same = (text) => JSON.stringify(sorted(typeof text === 'string' ? JSON.parse(text) : text));
        let said;
        try { said = same(output); } catch { return false; }
        return [].concat(context.vars.ideal).some((text) => { try { return same(text) === said; } catch { return false; } });
        """;

    /// <summary>A group of the pattern <c>context.config.pattern</c> is one of the texts: Inspect's pattern.</summary>
    public const string Pattern = """
        const { pattern, ignore_case, match_all } = context.config;
        const found = new RegExp(pattern, ignore_case ? 'i' : '').exec(output);
        if (!found) return false;
        const shape = (text) => ignore_case ? String(text).toLowerCase() : String(text);
        const wanted = [].concat(context.vars.ideal).map(shape);
        const groups = found.slice(1).filter((group) => group !== undefined).map(shape);
        return groups.length > 0 && (match_all ? groups.every((group) => wanted.includes(group)) : groups.some((group) => wanted.includes(group)));
        """;

    /// <summary>One of the texts stands at the end, the beginning, anywhere or is all, without capitals and punctuation around: Inspect's match.</summary>
    public const string Match = """
        const { location, ignore_case } = context.config;
        const shape = (text) => {
          const trimmed = String(text).trim().replace(/^[\s!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]+|[\s!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]+$/g, '');
          return ignore_case ? trimmed.toLowerCase() : trimmed;
        };
        const said = shape(output);
        return [].concat(context.vars.ideal).map(shape).some((text) =>
          location === 'begin' ? said.startsWith(text) : location === 'end' ? said.endsWith(text) : location === 'exact' ? said === text : said.includes(text));
        """;
}
