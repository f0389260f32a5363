using System.Globalization;
using Sommelier.Canonical;
using Sommelier.Routing;
using Sommelier.TestKit;

namespace Sommelier.Tests.Routing;

/// <summary>The language of rules, sentence by sentence.</summary>
public sealed class ConditionTests
{
    // A Monday in Seoul.
    private static readonly ConditionInput Input = new(
        "auto/support",
        new()
        {
            Intent = Intent.Coding,
            Group = IntentGroup.Code,
            Confidence = 0.8,
            Abstained = false,
            Difficulty = 0.6,
            InputTokens = 25_000,
            Stream = true,
            ToolCount = 3,
            Media = MediaKind.Image | MediaKind.Document,
            ResponseFormat = ResponseFormatKind.JsonSchema,
            ReasoningEffort = ReasoningEffort.High,
            Script = Script.Hangul,
            MessageCount = 4,
        },
        new() { Tags = ["vip", "한국 팀"], Data = DataClass.Internal },
        new("ci", Organisation: "acme"),
        new(2026, 11, 23, 23, 15, 0, TimeSpan.FromHours(9)));

    [Theory]
    [InlineData("true")]
    [InlineData("stream")]
    [InlineData("not abstained")]
    [InlineData("intent == coding")]
    [InlineData("intent != math")]
    [InlineData("intent in [math, coding]")]
    [InlineData("intent not in [math, reasoning]")]
    [InlineData("group == code and confidence > 60%")]
    [InlineData("input_tokens > 20k")]
    [InlineData("input_tokens <= 25000 and input_tokens >= 0.025M")]
    [InlineData("input_tokens in 25k..30k")]
    [InlineData("input_tokens not in 26k..30k")]
    [InlineData("tools == 3")]
    [InlineData("tools != 0")]
    [InlineData("media has image and media has document and not media has audio")]
    [InlineData("media not has video")]
    [InlineData("format == json_schema")]
    [InlineData("reasoning_effort >= medium and reasoning_effort < max")]
    [InlineData("script == hangul")]
    [InlineData("model like \"auto/*\"")]
    [InlineData("model not like \"openai/*\"")]
    [InlineData("tags has vip")]
    [InlineData("tags has \"한국 팀\"")]
    [InlineData("data >= internal")]
    [InlineData("caller.organisation == acme and caller.key in [ci, cd]")]
    [InlineData("weekday == mon and time >= 23:00")]
    [InlineData("time in 22:00..06:00")]
    [InlineData("time not in 09:00..18:00")]
    [InlineData("false or false or stream")]
    [InlineData("true or true and false")]
    [InlineData("not (true and false)")]
    [InlineData("not false and not false")]

    // What is not known equals nothing and has no order; its opposite holds.
    [InlineData("not (caller.team == research)")]
    [InlineData("caller.team != research")]
    [InlineData("not (max_output_tokens > 0 or max_output_tokens <= 0)")]
    public void Holds(string text)
    {
        Assert.True(Condition.Parse(text).Holds(Input));
        Assert.False(Condition.Parse($"not ({text})").Holds(Input));
    }

    [Theory]
    [InlineData("", 1, "a field was expected")]
    [InlineData("inten == coding", 1, "Did you mean intent?")]
    [InlineData("intent = coding", 8, "Write ==")]
    [InlineData("intent == codng", 11, "Did you mean coding?")]
    [InlineData("intent == \"coding", 11, "no closing quote")]
    [InlineData("intent > coding", 8, "has no order")]
    [InlineData("intent like cod", 8, "is not free text")]
    [InlineData("intent", 7, "Write intent == knowledge_qa")]
    [InlineData("stream == true", 8, "Write stream, or not stream")]
    [InlineData("input_tokens > many", 16, "Write one like 0.5, 20k")]
    [InlineData("input_tokens > -1", 16, "is not known here")]
    [InlineData("input_tokens in [1, 2]", 17, "is not a number")]
    [InlineData("time in 22..06", 9, "Write one like 22:30")]
    [InlineData("time == 25:00", 9, "is not a time")]
    [InlineData("tags == vip", 9, "may hold several values")]
    [InlineData("tags has", 9, "a value was expected")]
    [InlineData("model has gpt", 7, "holds one value only")]
    [InlineData("stream && abstained", 8, "Write and, or, not")]
    [InlineData("stream abstained", 8, "Join two conditions")]
    [InlineData("(stream", 8, "Add )")]
    [InlineData("media has picture", 11, "There are: image")]
    [InlineData("intent in [coding math]", 19, "Add ]")]
    public void A_mistake_has_its_place_and_its_remedy(string text, int column, string words)
    {
        Assert.False(Condition.TryParse(text, out var condition, out var error));

        Assert.Null(condition);
        Assert.Contains(words, error!.ToString(), StringComparison.Ordinal);
        Assert.Equal(column, error.Column);
    }

    [Fact]
    public void Length_and_depth_are_limited()
    {
        Assert.False(Condition.TryParse(new string('(', 3_000), out _, out var deep));
        Assert.Contains("32 levels", deep!.What, StringComparison.Ordinal);
        Assert.False(Condition.TryParse(string.Concat(Enumerable.Repeat("not ", 900)) + "stream", out _, out _));
        Assert.False(Condition.TryParse(new string('x', 5_000), out _, out var @long));
        Assert.Contains("4000", @long!.What, StringComparison.Ordinal);
        Assert.True(Condition.TryParse(string.Join(" or ", Enumerable.Repeat("stream", 300)), out _, out _));
    }

    [Fact]
    public void Every_field_can_be_asked() => Assert.All(ConditionFields.All, field => Condition.Parse(field switch
    {
        FlagField => field.Name,
        NumberField => $"{field.Name} >= 0",
        TimeField => $"{field.Name} < 24:00",
        WordField { Words.Count: > 0 } word => $"{field.Name} == {word.Words[^1]}",
        WordsField { Words.Count: > 0 } words => $"{field.Name} has {words.Words[^1]}",
        WordsField => $"{field.Name} has x",
        _ => $"{field.Name} == x",
    }).Holds(Input));

    [Fact]
    public void The_documented_fields_are_those_that_there_are()
    {
        const string Begin = "<!-- fields: written by the tests -->\n";
        var page = Approved.Read("docs", "routing.md");
        var from = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var to = page.IndexOf("<!-- end of fields -->", StringComparison.Ordinal);
        Assert.InRange(from, Begin.Length, to);
        var rows = ConditionFields.All.Select(field => $"| `{field.Name}` | {field.Kind} | {field.Summary} |\n");

        Approved.Equal($"{page[..from]}| field | values | what |\n|---|---|---|\n{string.Concat(rows)}{page[to..]}", "docs", "routing.md");
    }

    [Fact]
    public void Numbers_do_not_depend_on_the_language_of_the_machine()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.True(Condition.Parse("difficulty > 0.55").Holds(Input));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
