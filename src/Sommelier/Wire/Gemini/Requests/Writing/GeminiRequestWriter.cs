using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Gemini;

/// <summary>Writes a request of any origin. The model and the stream are the address's affair.</summary>
internal static class GeminiRequestWriter
{
    private const string Format = GeminiFormat.FormatName;

    /// <summary>Writes a request; what Google has no word for is emulated or dropped, with a warning.</summary>
    public static void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        using var writer = new Utf8JsonWriter(output, JsonLimits.Writer);
        writer.WriteStartObject();
        var system = new List<ContentPart>(request.SystemInstructions);
        if (request is { Tools.Count: > 0, ResponseFormat: { Kind: ResponseFormatKind.JsonObject or ResponseFormatKind.JsonSchema } form } && !target.Quirks.FormBesideTools)
        {
            system.Add(new TextPart(form.Schema is null ? FormWords.Object : FormWords.Schema(form)));
            warnings.Add(new Warning("emulated", "response_format", "the model takes tools or a JSON mode, not both; asked for in the instructions"));
            request = request with { ResponseFormat = null };
        }

        var turns = GeminiTurns.Arrange(request, system, warnings);
        if (system.Count > 0)
        {
            writer.WriteStartObject("systemInstruction"u8);
            GeminiContentWriter.Parts(system, "system", request, target.Quirks, writer, warnings);
            Extras.WriteInner(request.Extra, GeminiRequestReader.SystemPrefix, writer, Format);
            writer.WriteEndObject();
        }

        GeminiContentWriter.Contents(turns, request, target.Quirks, writer, warnings);
        GeminiToolWriter.Write(request, target.Quirks, writer, warnings);
        GeminiSettingsWriter.Write(request, target, writer, warnings);
        WriteRest(request, writer, warnings);
        writer.WriteEndObject();
    }

    private static void WriteRest(ChatRequest request, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        if (request.EndUser is not null)
        {
            warnings.Add(new Warning("dropped", "user", "the target's wire format has no field for the end user"));
        }

        if (request.ParallelToolCalls == false)
        {
            warnings.Add(new Warning("dropped", "parallel_tool_calls", "the target calls several tools when it likes"));
        }

        if (request.Extra is not { } extra)
        {
            return;
        }

        if (!string.Equals(extra.Format, Format, StringComparison.Ordinal))
        {
            Extras.Warn(extra, "", warnings);
            return;
        }

        foreach (var (name, json) in extra.Fields)
        {
            if (!name.StartsWith(GeminiSettings.Prefix, StringComparison.Ordinal) && !name.StartsWith(GeminiToolWriter.Prefix, StringComparison.Ordinal)
                && !name.StartsWith(GeminiRequestReader.SystemPrefix, StringComparison.Ordinal))
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(json, skipInputValidation: true);
            }
        }
    }
}
