using Microsoft.Extensions.Time.Testing;
using Sommelier.Canonical;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Tests.Upstream;

/// <summary>Clients that drop the fields that they do not know still get their thinking back to its vendor.</summary>
public sealed class SealMemoryTests
{
    private static readonly ReasoningPart Thought = new("Seoul first.", "seal-1") { Vendor = Seals.Anthropic };

    private static readonly ToolCallPart Call = new("toolu_1", "get_weather", """{"city":"Seoul"}""");

    private readonly FakeTimeProvider time = new();

    [Fact]
    public void Thinking_that_a_client_dropped_comes_back_before_its_tool_call()
    {
        var memory = new SealMemory(time);
        memory.Note("a", [Thought, new TextPart("Let me look."), Call]);

        var whole = memory.Restore("a", Request(new TextPart("Let me look."), Call), Seals.Anthropic);

        Assert.Equal([Thought, new TextPart("Let me look."), Call], whole.Messages[1].Parts);
    }

    [Fact]
    public void Small_seals_are_bounded_too()
    {
        var memory = new SealMemory(time);
        var most = (int)(SealMemory.MaxCharacters / 128);
        for (var at = 0; at <= most; at++)
        {
            memory.Note("a", [new ToolCallPart($"call_{at}", "write", "{}") { Signature = "" }]);
        }

        Assert.InRange(memory.Count, 1, most);
    }

    [Fact]
    public void The_same_thinking_without_its_seal_is_replaced()
    {
        var memory = new SealMemory(time);
        memory.Note("a", [Thought, Call]);

        var whole = memory.Restore("a", Request(new ReasoningPart("Seoul first."), Call), Seals.Anthropic);

        Assert.Equal([Thought, Call], whole.Messages[1].Parts);
    }

    [Fact]
    public void Seals_on_the_calls_themselves_come_back_on_each()
    {
        var memory = new SealMemory(time);
        var second = new ToolCallPart("call.2", "get_weather", "{}") { Signature = "seal-b" };
        memory.Note("a", [Call with { Signature = "seal-a" }, second]);

        // A dialect without dots in its ids gave the second one out as call_2.
        var whole = memory.Restore("a", Request(Call, second with { Id = "call_2", Signature = null }), Seals.Google);

        Assert.Equal(["seal-a", "seal-b"], whole.Messages[1].Parts.Cast<ToolCallPart>().Select(call => call.Signature));
    }

    [Fact]
    public void Nothing_is_put_back_for_another_caller_another_vendor_or_a_client_that_kept_it()
    {
        var memory = new SealMemory(time);
        memory.Note("a", [Thought, Call]);
        var bare = Request(Call);
        var kept = Request(Thought with { Signature = "its own" }, Call);

        Assert.Same(bare, memory.Restore("b", bare, Seals.Anthropic));
        Assert.Same(bare, memory.Restore("a", bare, Seals.Google));
        Assert.Same(kept, memory.Restore("a", kept, Seals.Anthropic));
        Assert.Same(bare, default(CallSeals).Restore(bare, Seals.Anthropic));
    }

    [Fact]
    public void Answers_without_a_seal_or_without_a_call_are_not_kept()
    {
        var memory = new SealMemory(time);
        memory.Note("a", [new ReasoningPart("Thinking."), Call]);
        memory.Note("a", [Thought, new TextPart("Done.")]);

        Assert.Equal(0, memory.Count);
    }

    [Fact]
    public void What_is_old_is_forgotten()
    {
        var memory = new SealMemory(time);
        memory.Note("a", [Thought, Call]);
        time.Advance(SealMemory.Keep + TimeSpan.FromSeconds(1));
        var bare = Request(Call);

        Assert.Same(bare, memory.Restore("a", bare, Seals.Anthropic));
        memory.Note("a", [Thought, Call with { Id = "toolu_2" }]);
        Assert.Equal(1, memory.Count);
    }

    [Fact]
    public void It_holds_no_more_than_it_may()
    {
        var memory = new SealMemory(time);
        var large = new string('s', 1024 * 1024);
        for (var i = 0; i < 40; i++)
        {
            memory.Note("a", [Thought with { Signature = large }, Call with { Id = $"toolu_{i}" }]);
        }

        Assert.InRange(memory.Count, 1, (int)(SealMemory.MaxCharacters / large.Length));
    }

    private static readonly ToolCallPart Nameless = Call with { Id = "call_1", IsIdMadeUp = true };

    [Fact]
    public void A_call_without_an_id_is_known_by_its_conversation_and_its_values()
    {
        var memory = new SealMemory(time);
        memory.Note("a", [Thought, Call with { Arguments = """{"city":"Seoul","days":3,"unit":{"b":1.0,"a":true}}""" }], Begin());

        var whole = memory.Restore("a", Request(Nameless with { Arguments = """{ "unit": {"a":true, "b":1}, "days":3.0, "city":"\u0053eoul" }""" }), Seals.Anthropic);

        Assert.Equal(Thought, whole.Messages[1].Parts[0]);
    }

    [Fact]
    public void Each_of_several_calls_without_ids_gets_its_own_seal()
    {
        var memory = new SealMemory(time);
        var twice = Call with { Id = "toolu_2", Signature = "seal-b" };
        memory.Note("a", [Call with { Signature = "seal-a" }, twice], Begin());

        var whole = memory.Restore("a", Request(Nameless, Nameless with { Id = "call_2" }), Seals.Google);

        Assert.Equal(["seal-a", "seal-b"], whole.Messages[1].Parts.Cast<ToolCallPart>().Select(call => call.Signature));
    }

    [Theory]
    [InlineData("another caller")]
    [InlineData("another conversation")]
    [InlineData("another system text")]
    [InlineData("other arguments")]
    [InlineData("another tool")]
    [InlineData("one call more")]
    [InlineData("a later turn")]
    public void A_call_without_an_id_elsewhere_gets_nothing(string where)
    {
        var memory = new SealMemory(time);
        memory.Note("a", [Thought, Call], Begin());
        var bare = where switch
        {
            "other arguments" => Request(Nameless with { Arguments = """{"city":"Lyon"}""" }),
            "another tool" => Request(Nameless with { Name = "get_time" }),
            "one call more" => Request(Nameless, Nameless with { Id = "call_2" }),
            var _ => Request(Nameless),
        };
        bare = where switch
        {
            "another conversation" => bare with { Messages = [new Message(Role.User, [new TextPart("Weather!")]), .. bare.Messages.Skip(1)] },
            "another system text" => bare with { SystemInstructions = [new TextPart("Be brief.")] },
            "a later turn" => bare with { Messages = [bare.Messages[0], new Message(Role.Assistant, [new TextPart("Well.")]), .. bare.Messages] },
            _ => bare,
        };

        Assert.Same(bare, memory.Restore(where == "another caller" ? "b" : "a", bare, Seals.Anthropic));
    }

    [Fact]
    public void An_id_that_the_reader_made_up_is_never_looked_up()
    {
        var memory = new SealMemory(time);
        memory.Note("a", [Thought, Call with { Id = "call_1" }]);
        memory.Note("a", [Thought, Call], Begin("Something else"));
        var bare = Request(Nameless);

        Assert.Same(bare, memory.Restore("a", bare, Seals.Anthropic));
    }

    [Fact]
    public void Of_two_answers_that_cannot_be_told_apart_neither_is_put_back()
    {
        var memory = new SealMemory(time);
        var bare = Request(Nameless);
        memory.Note("a", [Thought, Call], Begin());
        memory.Note("a", [Thought, Call with { Id = "toolu_2" }], Begin());
        Assert.NotSame(bare, memory.Restore("a", bare, Seals.Anthropic));

        memory.Note("a", [Thought with { Signature = "seal-2" }, Call with { Id = "toolu_3" }], Begin());
        Assert.Same(bare, memory.Restore("a", bare, Seals.Anthropic));
        memory.Note("a", [Thought, Call with { Id = "toolu_4" }], Begin());
        Assert.Same(bare, memory.Restore("a", bare, Seals.Anthropic));

        // By its id each is still known.
        Assert.NotSame(bare, memory.Restore("a", Request(Call), Seals.Anthropic));
    }

    [Fact]
    public void What_has_no_id_is_forgotten_too()
    {
        var memory = new SealMemory(time);
        memory.Note("a", [Thought, Call], Begin());
        time.Advance(SealMemory.Keep + TimeSpan.FromSeconds(1));
        var bare = Request(Nameless);

        Assert.Same(bare, memory.Restore("a", bare, Seals.Anthropic));
        memory.Note("a", [Thought with { Signature = "seal-2" }, Call], Begin());
        Assert.Equal("seal-2", ((ReasoningPart)memory.Restore("a", bare, Seals.Anthropic).Messages[1].Parts[0]).Signature);
        Assert.Equal(1, memory.Count);
    }

    private static ChatRequest Begin(string text = "Weather?") =>
        new() { OriginalModel = "m", Format = "ollama", Messages = [new Message(Role.User, [new TextPart(text)])] };

    private static ChatRequest Request(params ContentPart[] said) => new()
    {
        OriginalModel = "m",
        Format = "openai-chat",
        Messages =
        [
            new Message(Role.User, [new TextPart("Weather?")]),
            new Message(Role.Assistant, said),
            new Message(Role.Tool, [new ToolCallResponsePart(Call.Id, [new TextPart("3")])]),
        ],
    };
}
