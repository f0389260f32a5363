using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sommelier.Server.Cli;

/// <summary>Prints results as JSON: indented, one object, a line break at its end.</summary>
internal static class JsonOutput
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Prints an object whose members are written by the caller.</summary>
    public static void Write(TextWriter output, Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        output.Write(Encoding.UTF8.GetString(buffer.ToArray()) + "\n");
    }

    /// <summary>Writes a text, or null where there is none.</summary>
    public static void Text(this Utf8JsonWriter writer, string name, string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            writer.WriteNull(name);
        }
        else
        {
            writer.WriteString(name, value);
        }
    }

    /// <summary>Writes an amount, or null where none is known.</summary>
    public static void Amount(this Utf8JsonWriter writer, string name, decimal? value)
    {
        if (value is { } amount)
        {
            // A decimal keeps trailing zeroes; dividing by one drops them.
            writer.WriteNumber(name, amount / 1.000000000m);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    /// <summary>Writes a list of texts.</summary>
    public static void Texts(this Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }
}
