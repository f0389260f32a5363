namespace Sommelier.Upstream.Auth;

/// <summary>A profile of AWS's shared files, <c>~/.aws/credentials</c> and <c>~/.aws/config</c>.</summary>
/// <param name="Settings">Its settings; names in any case.</param>
internal sealed record AwsProfile(IReadOnlyDictionary<string, string> Settings)
{
    /// <summary>Its key; null when it has none.</summary>
    public AwsCredentials? Credentials => Get("aws_access_key_id") is { } id && Get("aws_secret_access_key") is { } secret
        ? new(id, secret, Get("aws_session_token"))
        : null;

    /// <summary>Its region; null when it says none.</summary>
    public string? Region => Get("region");

    /// <summary>Whether it names one half of a key only.</summary>
    public bool IsHalf => Credentials is null && (Get("aws_access_key_id") ?? Get("aws_secret_access_key")) is not null;

    /// <summary>Hides the key from whoever prints a profile.</summary>
    public override string ToString() => $"a profile with {string.Join(", ", Settings.Keys)}";

    /// <summary>Finds a profile in the text of a shared file; null when it has none of the name.</summary>
    /// <param name="text">The file. Sections are <c>[name]</c>, in the config file <c>[profile name]</c>.</param>
    /// <param name="name">E.g. <c>default</c>.</param>
    public static AwsProfile? Find(string text, string name)
    {
        Dictionary<string, string>? found = null;
        var inside = false;
        var margin = int.MaxValue;
        foreach (var raw in text.TrimStart('\uFEFF').Split('\n'))
        {
            var line = raw.Trim();
            if (line.Length == 0 || line[0] is '#' or ';')
            {
                continue;
            }

            if (line[0] == '[')
            {
                inside = string.Equals(SectionName(line), name, StringComparison.Ordinal);
                found = inside ? found ?? new(StringComparer.OrdinalIgnoreCase) : found;
                margin = int.MaxValue;
                continue;
            }

            // What stands further right belongs to the setting above: a nested block such as "s3 =".
            var indent = raw.Length - raw.TrimStart().Length;
            if (indent > margin)
            {
                continue;
            }

            margin = indent;
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (inside && equals > 0)
            {
                found![line[..equals].TrimEnd()] = Value(line[(equals + 1)..]);
            }
        }

        return found is null ? null : new(found);
    }

    /// <summary>A setting; null when it is not there or empty.</summary>
    public string? Get(string name) => Settings.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    private static string SectionName(string line)
    {
        var end = line.IndexOf(']', StringComparison.Ordinal);
        var name = (end < 0 ? line[1..] : line[1..end]).Trim();
        return name.StartsWith("profile ", StringComparison.Ordinal) ? name["profile ".Length..].Trim().Trim('"') : name;
    }

    // A comment behind a value begins with white space, since '#' may stand in a secret.
    private static string Value(string text)
    {
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] is '#' or ';' && text[i - 1] is ' ' or '\t')
            {
                return text[..i].Trim();
            }
        }

        return text.Trim();
    }
}
