using System.Text;
using System.Text.Json;

namespace Sommelier.Server.Conformance.Callers;

/// <summary>What a client makes of the body of a reply.</summary>
/// <param name="Text">What the model said.</param>
/// <param name="Ended">Whether the answer says that it is complete.</param>
/// <param name="Error">The message of an error event, after which a client reads no further.</param>
/// <param name="Unreadable">Why the client cannot make sense of it; null where it can.</param>
internal sealed record Reading(string Text, bool Ended, string? Error, string? Unreadable)
{
    /// <summary>Nothing was read.</summary>
    public static Reading None { get; } = new("", false, null, null);

    /// <summary>Reads a body of status 200.</summary>
    public static Reading Of(CallerDialect dialect, bool streamed, string body) => streamed ? Stream(dialect, body) : Whole(dialect, body);

    /// <summary>The message of an error body; null where it is not the dialect's.</summary>
    public static string? ErrorOf(CallerDialect dialect, string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return dialect.Error(json.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Reading Stream(CallerDialect dialect, string body)
    {
        var text = new StringBuilder();
        foreach (var data in dialect.Lines ? EventText.Lines(body).Where(line => line.Length > 0) : EventText.Data(body))
        {
            try
            {
                var step = dialect.Read(data);
                text.Append(step.Text);
                if (step.Ended || step.Error is not null)
                {
                    return new(text.ToString(), step.Ended, step.Error, null);
                }
            }
            catch (JsonException)
            {
                return new(text.ToString(), false, null, "an event that cannot be read is passed on");
            }
        }

        return new(text.ToString(), false, null, null);
    }

    private static Reading Whole(CallerDialect dialect, string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return dialect.Whole(json.RootElement) is { } text
                ? new(text, true, null, null)
                : new("", false, null, dialect.Error(json.RootElement) is null ? "what is no answer comes as one" : "an error comes as an answer");
        }
        catch (JsonException)
        {
            return new("", false, null, "what cannot be read comes as an answer");
        }
    }
}
