using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Gateway;

/// <summary>Tells from a chat request's body alone in which wire format it is written, where no path says so.</summary>
/// <param name="Format">The format.</param>
/// <param name="Path">What an address would say: for formats whose bodies name no model, the body's own <c>model</c> all the same, else <c>auto</c>.</param>
internal readonly record struct RequestFormat(IWireFormat Format, CallPath Path)
{
    /// <summary>Reads the format off a body.</summary>
    /// <param name="body">The request.</param>
    /// <param name="otherwise">
    /// The format of a body that could be of several, such as a model and messages of plain text, which mean the same in all
    /// of them; null: OpenAI's chat.
    /// </param>
    public static RequestFormat Of(ReadOnlyMemory<byte> body, IWireFormat? otherwise = null)
    {
        otherwise ??= WireFormats.Get("openai-chat");
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement is { ValueKind: JsonValueKind.Object } root && FormatMarks.Find(root) is { } name)
            {
                return new(WireFormats.Get(name), FormatMarks.NamesNoModel(name) ? new CallPath(ModelOf(root), Stream: false) : default);
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Its reader says what is wrong, and where.
        }

        return new(otherwise, default);
    }

    private static string ModelOf(JsonElement root)
    {
        foreach (var name in (ReadOnlySpan<string>)["model", "modelId"])
        {
            if (root.TryGetProperty(name, out var model) && model.ValueKind == JsonValueKind.String)
            {
                return model.GetString()!;
            }
        }

        return "auto";
    }
}
