using Sommelier.Canonical;
using Sommelier.Upstream;

namespace Sommelier.Tests.Upstream;

public sealed class StepCollectorTests
{
    [Fact]
    public void Collecting_the_steps_of_an_answer_gives_the_answer()
    {
        var answer = new ChatResponse
        {
            Id = "a",
            ResponseModel = "m",
            Parts =
            [
                new ReasoningPart("hm", "seal"),
                new TextPart("Let me look."),
                new ToolCallPart("1", "weather", """{"city":"Seoul"}"""),
                new ToolCallPart("2", "weather", "{}"),
                new RefusalPart("no"),
            ],
            FinishReason = new(FinishReasonKind.ToolCalls, "tool_use"),
            Usage = new Usage { InputTokens = 3, OutputTokens = 4 },
        };
        var collector = new StepCollector();

        foreach (var step in ResponseSteps.Of(answer))
        {
            collector.Add(step);
        }

        var collected = collector.Answer()!;
        Assert.True(collector.Ended);
        Assert.Equal(answer.Parts, collected.Parts);
        Assert.Equal(answer, collected with { Parts = answer.Parts, MoreChoices = answer.MoreChoices });
    }

    [Fact]
    public void Nothing_collected_is_no_answer() => Assert.Null(new StepCollector().Answer());
}
