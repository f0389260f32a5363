using System.Text.Json;
using Sommelier.TestKit.Recordings;

namespace Sommelier.Server.Tests.Clients;

/// <summary>A recording asked for in a dialect, and whether the client's own objects then say what the recording says.</summary>
/// <param name="File">The recording.</param>
/// <param name="Dialect">Whose official client asks.</param>
/// <param name="Model">The model that stands for the two.</param>
internal sealed record RecordedCase(RecordedFile File, string Dialect, string Model)
{
    // Each dialect's words for why an answer ended, in the order of Kinds; last, every other word that its clients know.
    private static readonly string[] Kinds = ["Stop", "ToolCalls", "Length"];

    private static readonly Dictionary<string, string[]> Words = new(StringComparer.Ordinal)
    {
        ["openai-chat"] = ["stop", "tool_calls", "length", "content_filter"],
        ["openai-responses"] = ["completed", "completed", "max_output_tokens", "content_filter"],
        ["anthropic-messages"] = ["end_turn stop_sequence", "tool_use", "max_tokens", "pause_turn refusal model_context_window_exceeded"],
        ["gemini"] = ["STOP", "STOP", "MAX_TOKENS", "SAFETY RECITATION OTHER MALFORMED_FUNCTION_CALL PROHIBITED_CONTENT"],
        ["bedrock-converse"] = ["end_turn stop_sequence", "tool_use", "max_tokens", "content_filtered guardrail_intervened"],
        ["ollama"] = ["stop", "stop tool_calls", "length", "load unload content_filter"],
    };

    private readonly Walked? said = Walked.Of(File);

    // Where a stream's last event repeats the whole answer, it has the last word for the client whose own format it is.
    private readonly Walked? final = File is { Streamed: true, Format: "openai-responses" } && Dialect == "openai-responses" && File.Events[^1].TryGetProperty("response", out var whole)
        && whole.TryGetProperty("output", out var output) && output.GetArrayLength() > 0 ? Walked.Of(new(File.Name, File.Format, false, [whole])) : null;

    /// <summary>What the client is told to do.</summary>
    public object Asked => new { model = Model, dialect = Dialect, streamed = File.Streamed, tools = said?.Called ?? [] };

    /// <summary>What is wrong with what the client printed; null when nothing is.</summary>
    public string? Wrong(JsonElement told)
    {
        string[] wrong = [.. said is null ? WrongError(told) : WrongAnswer(told, said)];
        return wrong.Length == 0 ? null : $"{this}: {string.Join("; ", wrong)}";
    }

    /// <inheritdoc/>
    public override string ToString() => $"{File.Name} in {Dialect} ({Model})";

    // A vendor's 429 for an account without money is none of the caller's doing: nobody could answer (docs/faults.md).
    private int? ErrorStatus => File.ErrorStatus is 429 ? Dialect == "bedrock-converse" ? 503 : 502 : File.ErrorStatus;

    private IEnumerable<string> WrongError(JsonElement told)
    {
        if (!told.TryGetProperty("error", out var error))
        {
            yield return $"no error was thrown but {told}";
        }
        else if (!told.GetProperty("typed").GetBoolean() || (ErrorStatus is { } status && Number(told, "status") != status))
        {
            yield return $"threw {told}";
        }
    }

    private IEnumerable<string> WrongAnswer(JsonElement told, Walked said)
    {
        if (told.TryGetProperty("error", out var error))
        {
            yield return $"threw {error}";
            yield break;
        }

        if (Text(told, "id").Length == 0)
        {
            yield return "no id";
        }

        if (Text(told, "text") != said.Text && Text(told, "text") != final?.Text)
        {
            yield return $"text '{Short(Text(told, "text"))}' instead of '{Short(said.Text)}'";
        }

        if (told.TryGetProperty("reasoning", out var reasoning) && Walked.Bare(reasoning.GetString()!) != said.Reasoning)
        {
            yield return $"reasoning '{Short(reasoning.GetString()!)}' instead of '{Short(said.Reasoning)}'";
        }

        var calls = string.Join(' ', told.GetProperty("calls").EnumerateArray().Select(call => Walked.Call(Text(call, "name"), Text(call, "arguments"))));
        if (calls != said.Calls)
        {
            yield return $"calls {calls} instead of {said.Calls}";
        }

        var words = Words[Dialect];
        var expected = said.Finish is { } kind ? words[Array.IndexOf(Kinds, kind)] : string.Join(' ', words);
        if (!expected.Split(' ').Contains(Text(told, "finish"), StringComparer.Ordinal))
        {
            yield return $"finish '{Text(told, "finish")}' instead of {expected}";
        }

        if ((said.Input is { } input && Number(told, "input") != input) || (said.Output is { } output && Number(told, "output") != output))
        {
            yield return $"usage {Number(told, "input")}/{Number(told, "output")} instead of {said.Input}/{said.Output}";
        }
    }

    private static string Text(JsonElement told, string name) => told.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";

    private static long? Number(JsonElement told, string name) => told.TryGetProperty(name, out var number) && number.ValueKind == JsonValueKind.Number ? number.GetInt64() : null;

    private static string Short(string text) => text.Length <= 60 ? text : $"{text[..30]}…{text[^30..]}";
}
