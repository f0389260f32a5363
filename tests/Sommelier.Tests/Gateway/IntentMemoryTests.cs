using Sommelier.Canonical;
using Sommelier.Gateway.Classifying;
using Sommelier.Routing;

namespace Sommelier.Tests.Gateway;

/// <summary>What models have told of turns: for a while, for one caller, and no more than so many.</summary>
public sealed class IntentMemoryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Holds_for_as_long_as_it_was_kept_and_for_its_caller_model_and_text()
    {
        var memory = new IntentMemory();
        memory.Keep(IntentMemory.Key("one", "m", "text"), Intent.Math, Noon.AddMinutes(1));

        Assert.Equal(Intent.Math, memory.Find(IntentMemory.Key("one", "m", "text"), Noon));
        Assert.Null(memory.Find(IntentMemory.Key("one", "m", "text"), Noon.AddMinutes(1)));
        Assert.Null(memory.Find(IntentMemory.Key("two", "m", "text"), Noon));
        Assert.Null(memory.Find(IntentMemory.Key("one", "n", "text"), Noon));
        Assert.NotEqual(IntentMemory.Key("on", "em", "text"), IntentMemory.Key("one", "m", "text"));
    }

    [Fact]
    public void Is_bounded_and_the_oldest_go()
    {
        var memory = new IntentMemory();
        for (var i = 0; i <= IntentMemory.Capacity; i++)
        {
            memory.Keep((UInt128)i, Intent.Coding, Noon.AddHours(1));
        }

        Assert.Equal(IntentMemory.Capacity, memory.Count);
        Assert.Null(memory.Find(0, Noon));
        Assert.Equal(Intent.Coding, memory.Find(IntentMemory.Capacity, Noon));
    }

    [Theory]
    [InlineData("math", Intent.Math)]
    [InlineData(" \"data_analysis\".", Intent.DataAnalysis)]
    [InlineData("Math", null)]
    [InlineData("math, I think", null)]
    [InlineData("", null)]
    [InlineData("poetry", null)]
    public void An_answer_is_one_of_the_names_alone_or_nothing(string answer, Intent? intent) => Assert.Equal(intent, IntentQuestion.Read(answer));

    [Fact]
    public void The_question_names_every_intent()
    {
        var question = System.Text.Encoding.UTF8.GetString(IntentQuestion.Write("text", "a/m").Span);

        Assert.All(Intents.Names, name => Assert.Contains($"\\n{name}: ", question, StringComparison.Ordinal));
    }

    [Fact]
    public void A_told_intent_weighs_most_and_the_weights_sum_to_one()
    {
        var before = new RequestSignals { Distribution = [.. Enumerable.Repeat(1f / Intents.Count, Intents.Count)] };
        var weights = new float[Intents.Count];

        var reading = new ToldIntent(Intent.Math, before).Read(null!, weights);

        Assert.Equal((Intent.Math, IntentGroup.MathReasoning, false), (reading.Top, reading.Group, reading.Abstained));
        Assert.Equal(1, weights.Sum(), 1e-5);
        Assert.Equal(0.8 + (0.2 / 18), reading.Confidence, 1e-5);
        Assert.Equal(0.8 + (0.4 / 18), reading.GroupConfidence, 1e-5);
    }
}
