using Sommelier.Canonical;
using Sommelier.Routing;
using Sommelier.Routing.Classification;

namespace Sommelier.Tests.Routing;

/// <summary>What counts as asking again, and when a tool loop has stalled.</summary>
public sealed class EscalationTests
{
    [Theory]
    [InlineData("What is the capital of France?", "what is the capital of france")]
    [InlineData("What is the capital of France?", "Please, what is the capital of France again??")]
    [InlineData("프랑스의 수도가 어디야?", "프랑스의 수도가 어디야")]
    [InlineData("フランスの首都はどこですか。", "もう一度、フランスの首都はどこですか")]
    [InlineData("法国的首都是哪里？", "请再法国的首都是哪里")]
    [InlineData("What is 2 + 2?", "No, that's wrong.")]
    [InlineData("What is 2 + 2?", "That’s not right, try again")]
    [InlineData("Fix the build.", "It still doesn't work: CS0103")]
    [InlineData("2 더하기 2는?", "아니, 틀렸어. 다시 해봐")]
    [InlineData("2たす2は？", "違います。計算し直してください")]
    [InlineData("二加二等于几？", "不对，请重新回答")]
    [InlineData("¿Cuánto es 2 + 2?", "No, eso está mal")]
    [InlineData("Was ist 2 + 2?", "Das ist falsch, versuch es nochmal")]
    [InlineData("Combien font 2 + 2 ?", "C'est faux")]
    [InlineData("Quanto é 2 + 2?", "Isso está errado")]
    [InlineData("Сколько будет 2 + 2?", "Это неправильно")]
    public void Asking_again_and_complaining_are_told(string before, string turn) => Assert.True(Complaints.Is(Tail(before, turn)));

    [Theory]
    [InlineData("", "That's wrong")]
    [InlineData("What is the capital of France?", "What is the capital of Spain?")]
    [InlineData("Add 12 and 15.", "Add 12 and 16.")]
    [InlineData("Continue", "Continue")]
    [InlineData("yes", "yes please")]
    [InlineData("계속해 줘", "계속")]
    [InlineData("Write a poem.", "What is wrong with my code?")]
    [InlineData("Write a loop.", "What am I doing wrong here?")]
    [InlineData("Напиши цикл.", "Что я делаю неправильно?")]
    [InlineData("ロゴを作って", "違う色にしてください")]
    [InlineData("Write a poem.", "Now translate it into Korean.")]
    [InlineData("Write a poem.", "Thank you, that was right.")]
    [InlineData("시를 써 줘", "고마워, 이제 영어로 번역해 줘")]
    [InlineData("Proofread this.", "Here is the essay that my pupil wrote about why the earth is flat. The teacher wrote in its margin: that is wrong, and gave no reason; find three sources that say why.")]
    public void What_is_new_or_says_nothing_is_neither(string before, string turn) => Assert.False(Complaints.Is(Tail(before, turn)));

    [Fact]
    public void The_last_calls_are_counted_by_name_and_arguments_since_the_askers_turn()
    {
        Assert.Equal(3, Stalls.Count(Loop(Call("read", "{\"a\":1}"), Call("read", "{\"a\":1}"), Call("read", "{\"a\":1} "))));
        Assert.Equal(1, Stalls.Count(Loop(Call("read", "{\"a\":1}"), Call("read", "{\"a\":1}"), Call("read", "{\"a\":2}"))));
        Assert.Equal(2, Stalls.Count(Loop(Call("read", "{}"), Call("write", "{}"), Call("read", "{}"))));
        Assert.Equal(3, Stalls.Count(Loop([new ToolCallPart("1", "read", "{}"), new ToolCallPart("2", "read", "{}")], [new ToolCallPart("3", "read", "{}"), new ToolCallPart("4", "list", "{}")])));
        Assert.Equal(0, Stalls.Count(Loop()));
        var twice = Loop(Call("read", "{}"), Call("read", "{}"));
        var next = twice with { Messages = [.. twice.Messages, new(Role.User, [new TextPart("And now?")]), .. Loop(Call("read", "{}")).Messages.Skip(1)] };
        Assert.Equal(1, Stalls.Count(next));
    }

    private static ConversationTail Tail(string before, string turn) => new("", turn, before.Length > 0 ? "Some answer." : "", before);

    private static ContentPart[] Call(string name, string arguments) => [new ToolCallPart("id", name, arguments)];

    private static ChatRequest Loop(params ContentPart[][] calls) => new()
    {
        OriginalModel = "auto",
        Format = "openai-chat",
        Messages =
        [
            new(Role.User, [new TextPart("Do it.")]),
            .. calls.SelectMany(call => (Message[])[new(Role.Assistant, call), new(Role.Tool, [.. call.OfType<ToolCallPart>().Select(one => new ToolCallResponsePart(one.Id, [new TextPart("nothing")]))])]),
        ],
    };
}
