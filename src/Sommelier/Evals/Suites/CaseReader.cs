using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Configuration.Reading;
using Sommelier.Configuration.Yaml;
using Sommelier.Evals.Graders;
using Sommelier.Routing;
using Sommelier.Wire;

namespace Sommelier.Evals.Suites;

/// <summary>Makes a case of its keys and the suite's defaults.</summary>
/// <param name="root">The suite.</param>
/// <param name="defaults">Its defaults; empty when it has none.</param>
/// <param name="problems">Takes mistakes.</param>
internal sealed class CaseReader(ConfigGroup root, ConfigGroup defaults, SuiteProblems problems)
{
    private static readonly IWireFormat Format = WireFormats.Get("openai-chat");
    private static readonly ClassifierReader Classifier = new();

    private readonly Dictionary<string, IGrader> graders = new(StringComparer.Ordinal);

    /// <summary>The case, and all that decides its results as JSON for the suite's hash; null when it cannot be made, which has been told.</summary>
    public (SuiteCase Case, JsonObject Said)? Read(ConfigGroup own)
    {
        var before = problems.List.Count;
        var variables = Variables(own);
        var usesTemplate = own["template"] is not null || (defaults["template"] is not null && own["messages"] is null);
        var missing = new HashSet<string>(StringComparer.Ordinal);
        string Fill(YamlScalar scalar) => variables.Count == 0 && !usesTemplate ? scalar.Value : TemplateText.Fill(scalar.Value, variables, name =>
        {
            if (missing.Add(name))
            {
                problems.Add(own.Position, own.Path, $"there is no variable '{name}', which {scalar.Position} uses", variables.Count == 0 ? "Add it to vars" : $"Add it to vars, or take one of: {string.Join(", ", variables.Keys)}");
            }
        });

        // What an expectation compares with may be more than a text.
        JsonNode? Value(YamlScalar scalar) => TemplateText.Single(scalar.Value) is { } name && variables.TryGetValue(name, out var value) ? value?.DeepClone() : Fill(scalar);

        var body = new CaseBody(problems, Fill).Write(own, defaults);
        var expectations = new List<Expectation>();
        var said = new JsonArray();
        var written = 0;
        foreach (var given in new[] { own, defaults })
        {
            foreach (var value in given.List("expect") ?? [])
            {
                written++;
                if (value.Value is ConfigGroup group && new ExpectationReader(problems, graders, Value).Read(group) is { } made)
                {
                    expectations.Add(made.Expectation);
                    said.Add((JsonNode)made.Said);
                }
            }
        }

        if (written == 0 && !problems.List.Exists(IsMisspelledExpect))
        {
            problems.Add(own.Position, own.Path, "nothing is expected of the answer", "Add expect: to the case, or to defaults");
        }

        if (body is null || Request(body, own) is not { } request)
        {
            return null;
        }

        var utf8 = Encoding.UTF8.GetBytes(body.ToJsonString(ReadableJson.Options));
        var id = own.Text("id") ?? Convert.ToHexStringLower(SHA256.HashData(utf8).AsSpan(0, 5));
        var (intent, guessed) = IntentOf(own, utf8);
        var result = new SuiteCase
        {
            Id = id,
            Intent = intent,
            IntentGuessed = guessed,
            Cluster = Cluster(own, variables) ?? id,
            Body = utf8,
            Input = LastUserText(request),
            Tools = request.Tools,
            Variables = variables.ToDictionary(static pair => pair.Key, static pair => ReadableJson.Element(pair.Value), StringComparer.Ordinal),
            Expectations = expectations,
            Output = Answer(own["output"], Value),
            Reference = Answer(own["reference"], Value),
            Repeats = own.Integer("repeats") ?? defaults.Integer("repeats") ?? 1,
            MaxTokens = own.Integer("max_tokens") ?? defaults.Integer("max_tokens"),
            Threshold = (double?)(own.Number("threshold") ?? defaults.Number("threshold")),
        };
        if (problems.List.Skip(before).Any(static problem => problem.Severity == Configuration.ConfigSeverity.Error))
        {
            return null;
        }

        return (result, new JsonObject
        {
            ["id"] = id,
            ["intent"] = intent.Name(),
            ["cluster"] = result.Cluster,
            ["body"] = body,
            ["expect"] = said,
            ["vars"] = new JsonObject(variables.Select(static pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone()))),
            ["output"] = result.Output is { } output ? new JsonArray([output.Text, .. output.ToolCalls.Select(static call => (JsonNode)$"{call.Name}({call.Arguments})")]) : null,
            ["threshold"] = result.Threshold,
        });
    }

    // A misspelling in defaults has been told, once and not for each case.
    private static bool IsMisspelledExpect(Configuration.ConfigProblem problem) =>
        problem.Path.StartsWith("defaults.", StringComparison.Ordinal) && Suggestion.Nearest(problem.Path["defaults.".Length..], ["expect"]) is not null;

    private static Dictionary<string, JsonNode?> Variables(ConfigGroup own)
    {
        var variables = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var (name, value) in own.Group("vars")?.Values ?? [])
        {
            variables[name] = YamlJson.Read((YamlTree)value.Value);
        }

        if (own.Text("input") is { } input)
        {
            variables.TryAdd("input", JsonValue.Create(input));
        }

        return variables;
    }

    private WrittenAnswer? Answer(ConfigValue? given, Func<YamlScalar, JsonNode?> fill) =>
        given is { Value: YamlTree tree } ? WrittenAnswerReader.Read(YamlJson.Read(tree, fill), given.Position, given.Path, problems) : null;

    private string? Cluster(ConfigGroup own, Dictionary<string, JsonNode?> variables)
    {
        if (root.Text("cluster_by") is not { } name)
        {
            return null;
        }

        if (own.Group("metadata")?.Values.TryGetValue(name, out var label) is true && YamlJson.Read((YamlTree)label.Value) is { } said)
        {
            return said.ToString();
        }

        if (variables.GetValueOrDefault(name) is { } variable)
        {
            return variable.ToString();
        }

        problems.Add(own.Position, own.Path, $"the case has no '{name}', which cluster_by names", "Add it to metadata or vars");
        return null;
    }

    private ChatRequest? Request(JsonObject body, ConfigGroup own)
    {
        try
        {
            return Format.Requests.Read(WithModel(Encoding.UTF8.GetBytes(body.ToJsonString(ReadableJson.Options)), "auto"));
        }
        catch (WireException failure)
        {
            problems.Add(own.Position, failure.Error.Field is { } field ? $"{own.Path}.{field}".TrimStart('.') : own.Path, "the request is not valid", failure.Error.Message.TrimEnd('.'));
            return null;
        }
    }

    private (Intent Intent, bool Guessed) IntentOf(ConfigGroup own, byte[] body)
    {
        if ((own.Text("intent") ?? root.Text("intent")) is { } name && Intents.TryParse(name, out var given))
        {
            return (given, false);
        }

        Span<float> probabilities = stackalloc float[Intents.Count];
        return (Classifier.Read(Format.Requests.Outline(WithModel(body, "auto")), probabilities).Top, true);
    }

    private static string LastUserText(ChatRequest request)
    {
        var last = request.Messages.LastOrDefault(static message => message.Role == Role.User) ?? request.Messages[^1];
        return string.Join('\n', last.Parts.OfType<TextPart>().Select(static part => part.Text));
    }

    /// <summary>A case's body with the model that it goes to.</summary>
    internal static byte[] WithModel(ReadOnlySpan<byte> body, string model)
    {
        var output = new ArrayBufferWriter<byte>(body.Length + 64);
        output.Write("{\"model\":"u8);
        output.Write(Encoding.UTF8.GetBytes(JsonValue.Create(model).ToJsonString(ReadableJson.Options)));
        output.Write(","u8);
        output.Write(body[1..]);
        return output.WrittenSpan.ToArray();
    }
}
