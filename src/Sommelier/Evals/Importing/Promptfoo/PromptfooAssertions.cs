using System.Text.Json;
using System.Text.Json.Nodes;
using Sommelier.Evals.Importing.Templates;
using Sommelier.Evals.Suites;

namespace Sommelier.Evals.Importing.Promptfoo;

/// <summary>What a test adds to each of its assertions.</summary>
/// <param name="Variables">What templates in values are filled with.</param>
/// <param name="Transforms">What changes the answer before any of them, in the order in which it is done.</param>
/// <param name="Judge">The provider that judges, as promptfoo names it; null for none.</param>
internal sealed record PromptfooScope(IReadOnlyDictionary<string, JsonNode?> Variables, IReadOnlyList<string> Transforms, JsonNode? Judge);

/// <summary>promptfoo's assertions as expectations.</summary>
internal sealed class PromptfooAssertions(PromptfooFiles files, ImportNotes notes, string output)
{
    private const string Rewrite = "Say it with another expectation, for example javascript";

    // promptfoo's word, ours, and what differs.
    private static readonly Dictionary<string, (string Kind, string? Difference)> Kinds = new(StringComparer.Ordinal)
    {
        ["equals"] = ("equals", null),
        ["contains"] = ("contains", null),
        ["icontains"] = ("icontains", null),
        ["contains-any"] = ("contains-any", null),
        ["contains-all"] = ("contains-all", null),
        ["icontains-any"] = ("icontains-any", null),
        ["icontains-all"] = ("icontains-all", null),
        ["starts-with"] = ("starts-with", null),
        ["regex"] = ("regex", null),
        ["is-json"] = ("is-json", null),
        ["contains-json"] = ("contains-json", null),
        ["is-xml"] = ("is-xml", null),
        ["contains-xml"] = ("contains-xml", null),
        ["is-html"] = ("is-html", null),
        ["contains-html"] = ("contains-html", null),
        ["is-sql"] = ("is-sql", "SQLite itself reads the statements"),
        ["contains-sql"] = ("contains-sql", "SQLite itself reads the statements"),
        ["word-count"] = ("word-count", null),
        ["levenshtein"] = ("levenshtein", null),
        ["latency"] = ("latency", null),
        ["cost"] = ("cost", "dollars are those of the gateway's catalog"),
        ["javascript"] = ("javascript", null),
        ["bleu"] = ("bleu", null),
        ["gleu"] = ("gleu", null),
        ["meteor"] = ("meteor", "words that mean the same do not match here, where promptfoo asks WordNet: a score may be lower"),
        ["tool-call-f1"] = ("tool-call-f1", "calls that an answer writes as text do not count, and a reversed score is 1 - F1"),
        ["similar"] = ("similar", null),
        ["similar:cosine"] = ("similar", null),
        ["similar:dot"] = ("similar", null),
        ["similar:euclidean"] = ("similar", null),
        ["finish-reason"] = ("finish-reason", "an answer whose end is not known is missing here, and fails there"),
        ["rouge-n"] = ("rouge-n", "words are runs of letters and digits here; promptfoo counts punctuation as words"),
        ["is-refusal"] = ("refusal", "another list of phrases, in 18 languages, decides what a refusal is"),
        ["is-valid-openai-tools-call"] = ("is-valid-tools-call", "calls of every vendor are checked against the tools that were offered"),
        ["is-valid-openai-function-call"] = ("is-valid-tools-call", "calls of every vendor are checked against the tools that were offered"),
        ["is-valid-function-call"] = ("is-valid-tools-call", "calls of every vendor are checked against the tools that were offered"),
        ["llm-rubric"] = ("llm-rubric", "the judge gets this project's orders, not promptfoo's"),
        ["g-eval"] = ("llm-rubric", "it is one rubric here, judged in one step"),
        ["factuality"] = ("factuality", "the judge gets this project's orders, not promptfoo's"),
        ["model-graded-factuality"] = ("factuality", "the judge gets this project's orders, not promptfoo's"),
        ["model-graded-closedqa"] = ("closed-qa", "the judge gets this project's orders, not promptfoo's"),
    };

    /// <summary>The expectation of an assertion; null when there is none like it, which is noted.</summary>
    public JsonObject? Map(JsonNode? given, string file, string path, PromptfooScope scope)
    {
        if (given is not JsonObject values || values["type"] is not JsonValue word)
        {
            notes.Lost(file, path, "the assertion names no type", "Give it a type");
            return null;
        }

        var assertion = new ImportGroup(values, file, path, notes);
        assertion.Ignore("type");
        var type = word.ToString();
        var negated = type.StartsWith(SuiteKeys.Not, StringComparison.Ordinal);
        var made = type is "assert-set" ? Set(assertion, scope) : Kinds.TryGetValue(negated ? type[SuiteKeys.Not.Length..] : type, out var kind) ? One(assertion, kind.Kind, kind.Difference, negated, scope) : Unknown(assertion, type);
        if (made is not null)
        {
            if (assertion.Number("weight") is { } weight and not 1)
            {
                made["weight"] = weight;
            }

            if (assertion.Text("metric") is { Length: > 0 } metric)
            {
                made["metric"] = SuiteText.Literal(Rendered(metric, scope));
            }

            assertion.NoteRest();
        }

        return made;
    }

    private JsonObject? Unknown(ImportGroup assertion, string type)
    {
        var remedy = type switch
        {
            "python" or "ruby" or "not-python" or "not-ruby" => "Write the check as javascript, or as a code grader's test",
            "webhook" => "Write the check as javascript",
            "select-best" or "max-score" => "Compare models with 'sommelier eval compare'",
            "human" => "Give labels with - human: labels.jsonl",
            "perplexity" or "perplexity-score" or "not-perplexity" or "not-perplexity-score" => "Leave it out, for probabilities of tokens are not asked for; what they stand for is graded by similar or llm-rubric",
            _ when type.Contains("trace-", StringComparison.Ordinal) => "Leave it out, for traces of an application are not read; grade the answer's own calls with tool-call or tool-call-f1, its time with latency",
            _ when type.Contains("trajectory:", StringComparison.Ordinal) => "Grade the calls of an answer with tool-call or tool-call-f1; several steps of an agent are not looked at",
            _ => Rewrite,
        };
        notes.Lost(assertion.File, assertion.Path, $"there is no grader like '{type}'", remedy);
        return null;
    }

    private JsonObject? Set(ImportGroup set, PromptfooScope scope)
    {
        var members = new JsonArray();
        var index = 0;
        foreach (var item in JsonTexts.List(set["assert"]))
        {
            if (Map(item, set.File, $"{set.At("assert")}[{index++}]", scope) is { } member)
            {
                members.Add((JsonNode)member);
            }
        }

        if (members.Count == 0)
        {
            return null;
        }

        if (members.Any(static member => member!["metric"] is not null))
        {
            set.Changed("assert", "a metric within a set is not summed up by itself", "Give the set a metric, or take its members out");
        }

        var made = new JsonObject { ["type"] = "set", ["value"] = members };
        if (set.Number("threshold") is { } threshold)
        {
            made["threshold"] = threshold;
        }

        return made;
    }

    private JsonObject? One(ImportGroup assertion, string kind, string? difference, bool negated, PromptfooScope scope)
    {
        var made = new JsonObject { ["type"] = negated ? SuiteKeys.Not + kind : kind };
        try
        {
            if (Value(assertion, kind, scope) is { } value)
            {
                made["value"] = SuiteText.Literal(value);
            }

            if (assertion.Number("threshold") is { } threshold)
            {
                made["threshold"] = threshold;
            }
            else if (assertion.Values["type"]!.ToString().EndsWith("g-eval", StringComparison.Ordinal))
            {
                made["threshold"] = 0.7;
            }

            foreach (var setting in (ReadOnlySpan<string>)(kind is "meteor" ? ["alpha", "beta", "gamma"] : []))
            {
                if (assertion.Number(setting) is { } number)
                {
                    made[setting] = number;
                }
            }

            if (assertion.Values["type"]!.ToString().Split(':') is [_, var measure] && measure is "dot" or "euclidean")
            {
                made["measure"] = measure;
            }

            if (kind is "javascript" && assertion["config"] is { } config)
            {
                made["config"] = SuiteText.Literal(config);
            }

            Judge(assertion, made, kind, scope);
            IReadOnlyList<string> transforms = assertion.Text("transform") is { } own ? [.. scope.Transforms, own] : scope.Transforms;
            if (transforms.Count > 0)
            {
                var scripts = transforms.Select(script => SuiteText.Literal(Script(script, assertion.File, assertion.Path))).ToArray();
                made["transform"] = scripts.Length == 1 ? scripts[0] : new JsonArray([.. scripts.Select(static script => (JsonNode)script)]);
            }
        }
        catch (Exception failure) when (failure is TemplateException or ImportException)
        {
            notes.Lost(assertion.File, assertion.Path, failure.Message, (failure as ImportException)?.Remedy ?? Rewrite);
            return null;
        }

        if (ExpectationCheck.Refusal(made, output) is { } refusal)
        {
            notes.Lost(assertion.File, assertion.Path, $"a suite does not take this {kind}: {refusal}", "Correct it here and import again, or say it another way");
            return null;
        }

        if (difference is not null)
        {
            notes.Changed(assertion.File, $"assert type {assertion.Values["type"]}", difference, "Look at some grades before you rely on it");
        }

        return made;
    }

    // promptfoo's default is MySQL's grammar. SQLite's is the only one that can be read here.
    private static void RequireSqlite(JsonObject? wanted)
    {
        if (wanted?["databaseType"]?.ToString() is var database && !string.Equals(database, "sqlite", StringComparison.OrdinalIgnoreCase))
        {
            throw new ImportException($"SQL is read in SQLite's dialect here, and {database ?? "MySQL"}'s is asked for", "Say databaseType: sqlite and import again where the prompt may ask for SQLite's dialect; else look for what matters in the statement with regex or llm-rubric");
        }

        if (wanted!.Any(static pair => pair.Key is "allowedTables" or "allowedColumns"))
        {
            throw new ImportException("a list of allowed tables or columns is not known here", "Give is-sql their definitions as its value: CREATE TABLE …");
        }
    }

    private JsonNode? Value(ImportGroup assertion, string kind, PromptfooScope scope)
    {
        switch (assertion["value"])
        {
            case var database when kind is "is-sql" or "contains-sql":
                RequireSqlite(database as JsonObject);
                return null;
            case JsonValue text when text.GetValueKind() == JsonValueKind.String && PromptfooFiles.IsFile(text.GetValue<string>()):
                var named = text.GetValue<string>();
                return kind is "javascript" ? Script(named, assertion.File, assertion.Path) : PromptfooFiles.IsScript(Scripts.ScriptBody.Parts(named).Path) || named.Contains(".py", StringComparison.Ordinal)
                    ? throw new ImportException($"{named} is a program that makes the value")
                    : files.Load(named);
            case JsonValue text when text.GetValueKind() == JsonValueKind.String:
                var rendered = Rendered(text.GetValue<string>(), scope);
                return kind switch
                {
                    "javascript" => Script(rendered, assertion.File, assertion.Path),
                    "contains-any" or "contains-all" or "icontains-any" or "icontains-all" => new JsonArray([.. Fields(rendered).Select(static field => (JsonNode)field)]),
                    "is-json" or "contains-json" => JsonTexts.Parse(rendered, assertion.File),
                    _ => rendered,
                };
            case JsonArray list:
                var items = new JsonArray([.. list.Select(item => item is JsonValue one && one.GetValueKind() == JsonValueKind.String ? JsonValue.Create(Rendered(one.GetValue<string>(), scope)) : item?.DeepClone())]);
                return kind is "llm-rubric" ? JsonValue.Create(string.Join('\n', items.Select(JsonTexts.Of))) : items;
            case var other:
                return other?.DeepClone();
        }
    }

    private static void Judge(ImportGroup assertion, JsonObject made, string kind, PromptfooScope scope)
    {
        var isJudge = Graders.GraderRegistry.Find(kind) is { IsJudge: true };
        if ((assertion["provider"] ?? (isJudge ? scope.Judge : null)) is { } provider)
        {
            var id = PromptfooModels.Read(provider).Id ?? "";
            if (!isJudge && kind is not "similar")
            {
                assertion.Lost("provider", $"{kind} asks no model", "Remove it");
            }
            else if (PromptfooModels.Find(id) is { } model)
            {
                made[isJudge ? "judge" : "model"] = model;
            }
            else
            {
                assertion.Lost("provider", $"'{id}' is no provider of the gateway", "Name a judge in the suite's defaults");
            }
        }
    }

    /// <summary>A script of promptfoo's as a suite says it: files by their place from the suite's folder.</summary>
    public string Script(string script, string file, string path)
    {
        if (PromptfooFiles.IsFile(script))
        {
            var (name, function) = Scripts.ScriptBody.Parts(script[PromptfooFiles.Prefix.Length..]);
            return !PromptfooFiles.IsScript(name) ? throw new ImportException($"{name} is no JavaScript")
                : files.Find(name).Count == 0 ? throw new ImportException($"there is no file {name}")
                : $"{PromptfooFiles.Prefix}{files.FromSuite(name)}{(function is null ? "" : $":{function}")}";
        }

        foreach (var word in (ReadOnlySpan<string>)["require(", "process.", "import(", "fetch(", "context.test", "context.provider", "context.logProbs", "context.metadata"])
        {
            if (script.Contains(word, StringComparison.Ordinal))
            {
                notes.Changed(file, path, $"the script uses '{word.TrimEnd('(', '.')}', which scripts do not have here", "Scripts know output and context.vars, context.prompt and context.config; write it with these");
            }
        }

        return script.TrimEnd();
    }

    private static string Rendered(string text, PromptfooScope scope) => NunjucksTemplate.Render(text, scope.Variables);

    // Commas part fields; one that holds a comma stands in double quotes, in which a quote is doubled or escaped.
    private static List<string> Fields(string text)
    {
        var fields = new List<string>();
        var at = 0;
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]) || text[at] == ',')
            {
                at++;
                continue;
            }

            if (text[at] != '"')
            {
                var end = text.IndexOf(',', at);
                end = end < 0 ? text.Length : end;
                fields.Add(text[at..end].Trim());
                at = end;
                continue;
            }

            var field = new System.Text.StringBuilder();
            for (at++; ; at++)
            {
                if (at >= text.Length)
                {
                    throw new ImportException("a quoted item of the list has no end");
                }

                if (at + 1 < text.Length && ((text[at] == '\\' && text[at + 1] is '"' or '\\') || (text[at] == '"' && text[at + 1] == '"')))
                {
                    field.Append(text[++at]);
                }
                else if (text[at] == '"')
                {
                    at++;
                    break;
                }
                else
                {
                    field.Append(text[at]);
                }
            }

            fields.Add(field.ToString());
        }

        return fields;
    }
}
