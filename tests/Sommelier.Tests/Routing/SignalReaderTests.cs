using Sommelier.Canonical;
using Sommelier.Routing;
using Sommelier.Routing.Signals;

namespace Sommelier.Tests.Routing;

public sealed class SignalReaderTests
{
    private static readonly SignalReader Reader = new(new Says(Intent.KnowledgeQa));

    [Fact]
    public void Reads_every_signal_of_an_agents_step()
    {
        var s = new SignalReader(new Says(Intent.ToolUse)).Read(
            new()
            {
                Model = "auto",
                Stream = true,
                MaxOutputTokens = 4_000,
                Choices = 2,
                MessageCount = 5,
                TextBytes = 4_000,
                CacheableTextBytes = 3_000,
                ToolCount = 3,
                ToolsUsed = true,
                LastIsToolResult = true,
                ToolChoice = ToolChoiceMode.Auto,
                ResponseFormat = ResponseFormatKind.JsonObject,
                ReasoningEffort = ReasoningEffort.Low,
                PrefixHash = 42,
            },
            CallerHints.None);

        Assert.Equal(1_020, s.InputTokens); // 4,000 bytes at 4.0 and 5 messages at 4.
        Assert.Equal(765, s.CacheableTokens);
        Assert.Equal(400, s.ExpectedOutputTokens); // A step of 200, twice.
        Assert.Equal(2_048, s.ExpectedReasoningTokens);
        Assert.True(s is { Stream: true, ToolCount: 3, ToolsUsed: true, ToolLoop: true, ToolChoice: ToolChoiceMode.Auto, MessageCount: 5 });
        Assert.Equal((ResponseFormatKind.JsonObject, ReasoningEffort.Low, 42UL), (s.ResponseFormat, s.ReasoningEffort!.Value, s.ConversationKey));
    }

    [Fact]
    public void The_callers_limit_bounds_what_is_expected() =>
        Assert.Equal(50, Reader.Read(new() { Model = "auto", MaxOutputTokens = 50 }, CallerHints.None).ExpectedOutputTokens);

    [Fact]
    public void A_session_names_the_conversation_whatever_its_prefix()
    {
        var hints = new CallerHints { Session = "abc" };
        var one = Reader.Read(new() { Model = "auto", PrefixHash = 1 }, hints);
        var two = Reader.Read(new() { Model = "auto", PrefixHash = 2 }, hints);

        Assert.Equal(one.ConversationKey, two.ConversationKey);
        Assert.NotEqual(one.ContentHash, two.ContentHash);
    }

    [Fact]
    public void An_image_counts_as_tokens_that_no_cache_share_is_taken_of()
    {
        var s = Reader.Read(new() { Model = "auto", Media = MediaKind.Image, MediaCount = 2, TextBytes = 400, CacheableTextBytes = 400 }, CallerHints.None);

        Assert.Equal((3_300, 3_200, 100), (s.InputTokens, s.MediaTokens, s.CacheableTokens));
    }

    [Theory]
    [InlineData("How many planets are there?", Script.Latin)]
    [InlineData("태양계에는 행성이 몇 개 있나요? API", Script.Hangul)]
    [InlineData("太阳系有几颗行星？", Script.Han)]
    [InlineData("太陽系には惑星がいくつありますか。", Script.Kana)]
    [InlineData("Сколько планет в Солнечной системе?", Script.Cyrillic)]
    [InlineData("كم عدد الكواكب؟", Script.Arabic)]
    [InlineData("Combien de planètes y a-t-il ?", Script.Latin)]
    [InlineData("सौर मंडल में कितने ग्रह हैं?", Script.Other)]
    [InlineData("", Script.Latin)]
    public void Tells_the_script_of_the_last_turn(string text, Script script) => Assert.Equal(script, LanguageSignal.Of(text));

    [Theory]
    [InlineData("en", 1.05)]
    [InlineData("zh", 1.05)]
    [InlineData("ja", 1.05)]
    [InlineData("ko", 1.05)]
    public void Bytes_per_token_are_not_below_what_was_measured(string language, double least)
    {
        // ASCII bytes, other bytes and o200k_base tokens of all prompts of a language in the public intent corpus.
        var (ascii, other, tokens, script) = language switch
        {
            "en" => (5_019_024L, 46_221L, 1_178_820, Script.Latin),
            "zh" => (129_083L, 1_289_337L, 393_213, Script.Han),
            "ja" => (27_949L, 503_502L, 139_480, Script.Kana),
            _ => (55_467L, 290_029L, 87_613, Script.Hangul),
        };

        Assert.InRange(TokenMath.TextTokens(ascii + other, other, script, dense: false) / tokens, least, 1.3);
    }

    [Fact]
    public void Difficulty_rises_with_length_structure_and_effort()
    {
        static double Of(string text, ReasoningEffort? effort = null) =>
            Reader.Read(new() { Model = "auto", ReasoningEffort = effort, Tail = new("", text, "", "") }, CallerHints.None).Difficulty;

        Assert.Equal(0, Of(""));
        Assert.True(Of("hi") < Of(new string('x', 500)));
        Assert.True(Of("a b c d e f g h") < Of("1. a\n2. b\n- c?\n"));
        Assert.True(Of("hi") < Of("hi", ReasoningEffort.High));
        Assert.InRange(Of(string.Concat(Enumerable.Repeat("1. why? = ``` \n", 1_000)), ReasoningEffort.Max), 0.5, 1);
    }

    private sealed class Says(Intent intent) : IIntentReader
    {
        public IntentReading Read(RequestOutline outline, Span<float> probabilities)
        {
            probabilities[(int)intent] = 1;
            return new(intent, 1, false, intent.Group(), 1);
        }
    }
}
