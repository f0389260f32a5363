using Sommelier.Configuration.Yaml;

namespace Sommelier.Configuration.Reading;

/// <summary>A value that was found to be what its key asks for, with its place for later complaints.</summary>
/// <param name="Value">
/// <see cref="string"/>, <see cref="Uri"/>, <see cref="long"/> (whole numbers and sizes), <see cref="decimal"/>,
/// <see cref="bool"/>, <see cref="TimeSpan"/>, <see cref="DateOnly"/>, a list of <see cref="ConfigValue"/>, a <see cref="ConfigGroup"/>, or a <see cref="YamlTree"/> (<see cref="Keys.KeyKind.Any"/>).
/// </param>
/// <param name="Position">Where it stands.</param>
/// <param name="Path">The key.</param>
internal sealed record ConfigValue(object Value, ConfigPosition Position, string Path);

/// <summary>The valid values of a group of keys. A key that is absent, null or wrong is not in it.</summary>
internal sealed class ConfigGroup(ConfigPosition position, string path)
{
    public static ConfigGroup Empty { get; } = new(default, "");

    public ConfigPosition Position { get; } = position;

    public string Path { get; } = path;

    /// <summary>In the order of the file.</summary>
    public OrderedDictionary<string, ConfigValue> Values { get; } = new(StringComparer.Ordinal);

    public ConfigValue? this[string key] => Values.GetValueOrDefault(key);

    public string? Text(string key) => this[key]?.Value as string;

    public Uri? Url(string key) => this[key]?.Value as Uri;

    public int? Integer(string key) => this[key]?.Value is long value ? (int)value : null;

    public long? Size(string key) => this[key]?.Value as long?;

    public decimal? Number(string key) => this[key]?.Value as decimal?;

    public bool? Boolean(string key) => this[key]?.Value as bool?;

    public TimeSpan? Duration(string key) => this[key]?.Value as TimeSpan?;

    public DateOnly? Date(string key) => this[key]?.Value as DateOnly?;

    public YamlTree? Tree(string key) => this[key]?.Value as YamlTree;

    public ConfigGroup? Group(string key) => this[key]?.Value as ConfigGroup;

    public IReadOnlyList<ConfigValue>? List(string key) => this[key]?.Value as IReadOnlyList<ConfigValue>;

    /// <summary>A list of texts; null when the key is absent.</summary>
    public IReadOnlyList<string>? Texts(string key) => List(key) is { } list ? Texts(list) : null;

    /// <summary>A list's values as text: addresses as they are written.</summary>
    public static IReadOnlyList<string> Texts(IReadOnlyList<ConfigValue> list) =>
        [.. list.Select(item => item.Value is Uri uri ? uri.OriginalString : (string)item.Value)];

    /// <summary>The index of a word among a choice's words; null when the key is absent.</summary>
    public int? Choice(string key, IReadOnlyList<string> words)
    {
        for (var i = 0; Text(key) is { } text && i < words.Count; i++)
        {
            if (string.Equals(words[i], text, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return null;
    }
}
