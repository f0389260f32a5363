using System.Globalization;
using System.Text;
using System.Text.Json;
using Sommelier.Canonical;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>Writes top-level parameters under the target's own names, and drops with a warning what it refuses.</summary>
internal sealed class OptionWriter(Utf8JsonWriter writer, WireQuirks quirks, ICollection<Warning> warnings)
{
    /// <summary>Whether the target takes a parameter; warns when it does not and the value matters.</summary>
    /// <param name="name">The format's own name.</param>
    /// <param name="value">The value as JSON.</param>
    /// <param name="sent">The name to send.</param>
    public bool Takes(string name, string value, out string sent)
    {
        sent = quirks.Renamed.TryGetValue(name, out var other) ? other : name;
        if (!quirks.Unsupported.Contains(name))
        {
            return true;
        }

        if (!UsualValues.Holds(name, Encoding.UTF8.GetBytes(value)))
        {
            warnings.Add(new Warning("dropped", name, "the model does not support it"));
        }

        return false;
    }

    /// <summary>A whole number.</summary>
    public void Number(string name, long? value)
    {
        if (value is { } number && Takes(name, number.ToString(CultureInfo.InvariantCulture), out var sent))
        {
            writer.WriteNumber(sent, number);
        }
    }

    /// <summary>A number.</summary>
    public void Number(string name, double? value)
    {
        if (value is { } number && Takes(name, number.ToString(CultureInfo.InvariantCulture), out var sent))
        {
            writer.WriteNumber(sent, number);
        }
    }

    /// <summary>The temperature, within the target's range.</summary>
    public void Temperature(double? value)
    {
        if (value > quirks.MaxTemperature && !quirks.Unsupported.Contains("temperature"))
        {
            var most = quirks.MaxTemperature.ToString(CultureInfo.InvariantCulture);
            warnings.Add(new Warning("clamped", "temperature", $"the model takes at most {most}"));
            value = quirks.MaxTemperature;
        }

        Number("temperature", value);
    }

    /// <summary>Yes or no.</summary>
    public void Flag(string name, bool? value)
    {
        if (value is { } flag && Takes(name, flag ? "true" : "false", out var sent))
        {
            writer.WriteBoolean(sent, flag);
        }
    }

    /// <summary>Text.</summary>
    public void Text(string name, string? value)
    {
        if (value is not null && Takes(name, value, out var sent))
        {
            writer.WriteString(sent, value);
        }
    }

    /// <summary>The stop texts, as many as the target takes; nothing when there are none.</summary>
    public void Stop(IReadOnlyList<string> texts)
    {
        if (texts.Count == 0 || !Takes("stop", "", out var sent))
        {
            return;
        }

        var count = Math.Min(texts.Count, quirks.MaxStopTexts ?? int.MaxValue);
        if (count < texts.Count)
        {
            warnings.Add(new Warning("dropped", "stop", $"the model takes {count} stop texts; the first {count} of {texts.Count} were sent"));
        }

        writer.WriteStartArray(sent);
        for (var i = 0; i < count; i++)
        {
            writer.WriteStringValue(texts[i]);
        }

        writer.WriteEndArray();
    }

    /// <summary>A value that is JSON already.</summary>
    public void Raw(string name, string? json)
    {
        if (json is not null && Takes(name, json, out var sent))
        {
            writer.WritePropertyName(sent);
            writer.WriteRawValue(json, skipInputValidation: true);
        }
    }
}
