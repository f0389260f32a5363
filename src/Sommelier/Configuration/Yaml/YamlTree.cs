namespace Sommelier.Configuration.Yaml;

/// <summary>A node of a YAML document with the place where it begins.</summary>
internal abstract class YamlTree(ConfigPosition position)
{
    public ConfigPosition Position { get; } = position;
}

/// <summary>A single value. Plain ones may be null, a number or a boolean; quoted ones are always text.</summary>
internal sealed class YamlScalar(ConfigPosition position, string value, bool isPlain) : YamlTree(position)
{
    public string Value { get; } = value;

    public bool IsPlain { get; } = isPlain;

    public bool IsNull => IsPlain && Value is "" or "~" or "null" or "Null" or "NULL";
}

/// <summary>A list.</summary>
internal sealed class YamlList(ConfigPosition position) : YamlTree(position)
{
    public List<YamlTree> Items { get; } = [];
}

/// <summary>A mapping; entries keep their order, and doubled keys are kept for the reader to complain about.</summary>
internal sealed class YamlMap(ConfigPosition position) : YamlTree(position)
{
    public List<YamlEntry> Entries { get; } = [];
}

/// <summary>One key of a mapping.</summary>
internal sealed class YamlEntry(ConfigPosition position, string key, YamlTree value)
{
    public ConfigPosition Position { get; } = position;

    public string Key { get; } = key;

    /// <summary>Set once the value has been read: a syntax error inside it leaves what was read until then.</summary>
    public YamlTree Value { get; set; } = value;
}
