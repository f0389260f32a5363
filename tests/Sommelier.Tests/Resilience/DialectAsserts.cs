using System.Text;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Tests.Resilience;

/// <summary>Reads what a caller received the way a client of the dialect would.</summary>
internal static class DialectAsserts
{
    public static void IsWhole(string format, bool streamed, string text)
    {
        if (!streamed)
        {
            var response = WireFormats.Get(format).Responses.Read(Encoding.UTF8.GetBytes(text), WireQuirks.Default);
            Assert.Equal(ScriptedAnswer.Text, Assert.IsType<TextPart>(Assert.Single(response.Parts)).Text);
            return;
        }

        var (steps, ended) = Steps(format, text);
        Assert.Equal(ScriptedAnswer.Text, Text(steps));
        Assert.True(ended);
        Assert.DoesNotContain(steps, step => step is FailureDelta);
    }

    public static void IsBroken(string format, string text, string said)
    {
        var (steps, ended) = Steps(format, text);
        Assert.Equal(said, Text(steps));
        Assert.False(ended, "A broken stream must not have its end mark.");
        Assert.Single(steps, step => step is FailureDelta);
        Assert.DoesNotContain(format == "openai-chat" ? "[DONE]" : "message_stop", text, StringComparison.Ordinal);
    }

    /// <summary>All the text of a stream.</summary>
    public static string Said(string format, string text) => Text(Steps(format, text).Steps);

    private static (List<ChatDelta> Steps, bool Ended) Steps(string format, string text)
    {
        using var decoder = WireFormats.Get(format).Streams.CreateDecoder(WireQuirks.Default);
        var steps = new List<ChatDelta>();
        decoder.Decode(Encoding.UTF8.GetBytes(text), steps);
        decoder.Complete(steps);
        return (steps, decoder.Ended);
    }

    private static string Text(List<ChatDelta> steps) => string.Concat(steps.OfType<TextDelta>().Select(step => step.Text));
}
