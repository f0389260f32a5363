using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;

namespace Sommelier.Ledger.Storage;

/// <summary>Lists as JSON text in a column; NULL when empty.</summary>
internal sealed class JsonColumns : IDisposable
{
    private readonly ArrayBufferWriter<byte> buffer = new(256);
    private readonly Utf8JsonWriter writer;

    public JsonColumns() => writer = new Utf8JsonWriter(buffer);

    /// <summary>Binds <c>["a","b"]</c>.</summary>
    public void AddTags(IRow row, IReadOnlyList<string> tags)
    {
        if (tags.Count == 0)
        {
            row.AddNull();
            return;
        }

        Begin();
        for (var i = 0; i < tags.Count; i++)
        {
            writer.WriteStringValue(tags[i]);
        }

        End(row);
    }

    /// <summary>Binds <c>[{"code":…,"field":…,"detail":…}]</c>.</summary>
    public void AddWarnings(IRow row, IReadOnlyList<Warning> warnings)
    {
        if (warnings.Count == 0)
        {
            row.AddNull();
            return;
        }

        Begin();
        for (var i = 0; i < warnings.Count; i++)
        {
            writer.WriteStartObject();
            writer.WriteString("code"u8, warnings[i].Code);
            writer.WriteString("field"u8, warnings[i].Field);
            writer.WriteString("detail"u8, warnings[i].Detail);
            writer.WriteEndObject();
        }

        End(row);
    }

    public static IReadOnlyList<string> ReadTags(string? json)
    {
        if (json is null)
        {
            return [];
        }

        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateArray().Select(tag => tag.GetString()!)];
    }

    public static IReadOnlyList<Warning> ReadWarnings(string? json)
    {
        if (json is null)
        {
            return [];
        }

        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateArray().Select(ReadWarning)];
    }

    public void Dispose() => writer.Dispose();

    private static Warning ReadWarning(JsonElement warning) => new(
        warning.GetProperty("code").GetString()!, warning.GetProperty("field").GetString()!, warning.GetProperty("detail").GetString()!);

    private void Begin()
    {
        buffer.ResetWrittenCount();
        writer.Reset();
        writer.WriteStartArray();
    }

    private void End(IRow row)
    {
        writer.WriteEndArray();
        writer.Flush();
        row.AddText(buffer.WrittenSpan);
    }
}
