using Sommelier.Canonical;
using Sommelier.Routing.Classification;

namespace Sommelier.Tests.Routing.Classification;

public sealed class TemperaturesTests
{
    private static readonly Temperatures Both = new(1, 2);

    [Theory]
    [InlineData("Write a function that sorts a list.", false)]
    [InlineData("“Quoted” — and dashed… 20 € 🙂🙂🙂", false)]
    [InlineData("My friend Zoë asks a rather long question about her garden, her greenhouse, and what to plant in it in autumn", false)]
    [InlineData("", false)]
    [InlineData("¿Cómo puedo aprender a tocar la guitarra?", true)]
    [InlineData("이 문장을 번역해 주세요", true)]
    [InlineData("把这句话翻译成英文", true)]
    [InlineData("このバスは遅れました", true)]
    [InlineData("Переведи это", true)]
    [InlineData("ترجم هذه الجملة", true)]
    public void A_text_is_marked_by_its_letters_alone(string text, bool marked)
    {
        Assert.Equal(marked, Temperatures.IsMarked(text));
        Assert.Equal(marked ? 2 : 1, Both.For(new() { LastUserTurn = text }, 1));
    }

    [Fact]
    public void Of_a_long_text_the_beginning_tells() =>
        Assert.False(Temperatures.IsMarked(new string('a', TextFeatures.HeadUnits) + new string('한', 10_000)));

    [Theory]
    [InlineData(0.1f, 2)]
    [InlineData(0.9f, 1)]
    public void A_bare_turn_has_the_temperature_of_the_turn_that_names_its_task(float lastWeight, float expected) =>
        Assert.Equal(expected, Both.For(new() { LastUserTurn = "ok", PreviousUserTurn = "이 문장을 번역해 주세요" }, lastWeight));

    [Fact]
    public void Both_temperatures_are_in_the_shipped_weights_and_answer()
    {
        var weights = ClassifierWeights.LoadShared();
        Assert.InRange(weights.Temperatures.Plain, weights.Temperatures.Marked + 0.1f, 1);
        var probabilities = new float[Intents.Count];
        var plain = IntentClassifier.Shared.Classify(new() { LastUserTurn = "Translate this into French: the bus was late." }, probabilities);
        var marked = IntentClassifier.Shared.Classify(new() { LastUserTurn = "Traduis cette phrase en français, s'il te plaît : le bus était en retard." }, probabilities);

        Assert.Equal((Intent.Translation, Intent.Translation), (plain.Top, marked.Top));
        Assert.Equal(1, probabilities.Sum(), 4);
    }
}
