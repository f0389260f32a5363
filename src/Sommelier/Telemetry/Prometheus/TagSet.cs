using System.Globalization;
using System.Text;

namespace Sommelier.Telemetry.Prometheus;

/// <summary>The attributes of one series, and their text as labels.</summary>
internal sealed class TagSet
{
    private TagSet(KeyValuePair<string, object?>[] tags, string labels)
    {
        Tags = tags;
        Labels = labels;
    }

    /// <summary>The attributes, in the order in which they were recorded.</summary>
    public KeyValuePair<string, object?>[] Tags { get; }

    /// <summary><c>a="1",b="2"</c>; empty without attributes.</summary>
    public string Labels { get; }

    /// <summary>Stands for every series beyond the bound.</summary>
    public static TagSet Overflow { get; } = Of([new KeyValuePair<string, object?>("otel.metric.overflow", "true")]);

    public static TagSet Of(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new StringBuilder();
        foreach (var (name, value) in tags)
        {
            labels.Append(labels.Length == 0 ? "" : ",").Append(PrometheusName.Label(name)).Append("=\"");
            Escape(labels, Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
            labels.Append('"');
        }

        return new TagSet(tags.ToArray(), labels.ToString());
    }

    private static void Escape(StringBuilder to, string value)
    {
        foreach (var c in value)
        {
            _ = c switch
            {
                '\\' => to.Append("\\\\"),
                '"' => to.Append("\\\""),
                '\n' => to.Append("\\n"),
                _ => to.Append(c),
            };
        }
    }
}

/// <summary>Finds a series by the attributes of a measurement without copying them.</summary>
internal sealed class TagSetComparer : IEqualityComparer<TagSet>, IAlternateEqualityComparer<ReadOnlySpan<KeyValuePair<string, object?>>, TagSet>
{
    public bool Equals(TagSet? x, TagSet? y) => ReferenceEquals(x, y) || (x is not null && y is not null && Equals(x.Tags, y));

    public int GetHashCode(TagSet obj) => GetHashCode(obj.Tags);

    public TagSet Create(ReadOnlySpan<KeyValuePair<string, object?>> alternate) => TagSet.Of(alternate);

    public bool Equals(ReadOnlySpan<KeyValuePair<string, object?>> alternate, TagSet other)
    {
        if (alternate.Length != other.Tags.Length)
        {
            return false;
        }

        for (var i = 0; i < alternate.Length; i++)
        {
            if (!string.Equals(alternate[i].Key, other.Tags[i].Key, StringComparison.Ordinal) || !Equals(alternate[i].Value, other.Tags[i].Value))
            {
                return false;
            }
        }

        return true;
    }

    public int GetHashCode(ReadOnlySpan<KeyValuePair<string, object?>> alternate)
    {
        var hash = default(HashCode);
        foreach (var (_, value) in alternate)
        {
            hash.Add(value);
        }

        return hash.ToHashCode();
    }
}
