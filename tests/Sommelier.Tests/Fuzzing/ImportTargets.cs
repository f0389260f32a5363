using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sommelier.Evals.Importing;
using Sommelier.Evals.Importing.Templates;

namespace Sommelier.Tests.Fuzzing;

/// <summary>What reads and writes other tools' evaluations: templates, and the YAML that suites are written in.</summary>
internal static class ImportTargets
{
    private static readonly Dictionary<string, JsonNode?> Names = new(StringComparer.Ordinal)
    {
        ["name"] = "Riesling", ["n"] = 3, ["items"] = new JsonArray("a", 2, null, new JsonArray("b", "c")), ["map"] = new JsonObject { ["key"] = "value" },
    };

    private static readonly string[] Templates =
    [
        "Taste {{ name }} and {{ map.key | upper }}, {{ items[1] + n - 1 }} times{# no #}.",
        "{% for item in items %}{% if loop.first and not n == 2 %}{{ item }}{% elif item in 'abc' %}-{% else %}{{ loop.index ~ ':' ~ item | default('x', true) }}{% endif %}{%- endfor -%}",
        "{% set x = [n, name, [1, 'two']] %}{{ x | join(', ') | replace('i', 'ii') }} {{ x | length if n > 2 else x | first }}",
        "{% raw %}{{ as it is }}{% endraw %}{{ items | dump | safe }} {{ missing | d('none') | title }} {{ 1.5 >= 1 or not not name }}",
    ];

    private static readonly string[] Values =
    [
        """{"suite":"s","description":"Ends with a colon: # no comment","cases":[{"id":"a","input":"line one\nline two\n","expect":[{"contains":"yes"},{"type":"regex","value":"\\d+\\s"}]}]}""",
        """{"a":{"b":[1,-2.5,true,null,"null","~","- x","{{name}}","\u00e9\u2028\ud83c\udf77"],"<<":"merge","":[],"c d":{}},"*x":"&y","long":["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb","ccccccccccccccccccccccccccccc"]}""",
    ];

    /// <summary>One target a reader or writer.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("template", () => Templates.Select(Encoding.UTF8.GetBytes), Template),
        new("suite-yaml", () => Values.Select(Encoding.UTF8.GetBytes), Yaml),
    ];

    // Rendered or refused, and in no more time than a person waits.
    private static void Template(byte[] bytes)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            NunjucksTemplate.Render(Encoding.UTF8.GetString(bytes), Names);
        }
        catch (TemplateException refusal)
        {
            Assert.NotEqual("", refusal.Message);
        }

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"It took {watch.Elapsed}.");
    }

    // What is written is read back as the same.
    private static void Yaml(byte[] bytes)
    {
        JsonObject value;
        try
        {
            value = JsonNode.Parse(bytes) as JsonObject ?? [];
            if (value.Count == 0 || Depth(value) > 20)
            {
                return;
            }
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or ArgumentException)
        {
            // No JSON, half a character, or a name twice.
            return;
        }

        var yaml = SuiteYaml.Write(value);
        var read = JsonTexts.Parse(yaml, "suite.yaml");
        Assert.True(JsonNode.DeepEquals(Doubles(value), Doubles(read)), $"{value.ToJsonString()}\nis written as\n{yaml}\nand read as\n{read?.ToJsonString()}");
    }

    private static int Depth(JsonNode? value) => value switch
    {
        JsonObject map => 1 + map.Select(static pair => Depth(pair.Value)).DefaultIfEmpty().Max(),
        JsonArray list => 1 + list.Select(Depth).DefaultIfEmpty().Max(),
        // A number that no double holds is none to a suite.
        JsonValue number when number.GetValueKind() == JsonValueKind.Number => double.IsFinite(Double(number)) ? 0 : int.MaxValue / 2,
        // Read here, where half a character is told.
        JsonValue text when text.GetValueKind() == JsonValueKind.String && text.GetValue<string>() is not null => 0,
        _ => 0,
    };

    // 1.0 and 1 are one number.
    private static JsonNode? Doubles(JsonNode? value) => value switch
    {
        JsonObject map => new JsonObject(map.Select(static pair => KeyValuePair.Create(pair.Key, Doubles(pair.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Doubles)]),
        JsonValue number when number.GetValueKind() == JsonValueKind.Number => JsonValue.Create(Double(number)),
        _ => value?.DeepClone(),
    };

    private static double Double(JsonValue number) => double.Parse(number.ToJsonString(), CultureInfo.InvariantCulture);
}
