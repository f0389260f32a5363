namespace Sommelier.Configuration;

/// <summary>How bad a problem of the configuration is.</summary>
internal enum ConfigSeverity
{
    /// <summary>The configuration cannot be used.</summary>
    Error,

    /// <summary>The configuration can be used, though hardly as it was meant.</summary>
    Warning,
}

/// <summary>One thing that is wrong with a configuration, and what to do about it. Never holds a secret.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="Path">The key, e.g. <c>providers.lab.models[0].price.input</c>; empty for the file as a whole.</param>
/// <param name="What">What is wrong, as a clause without a full stop.</param>
/// <param name="Remedy">What to do, as a sentence without a full stop.</param>
/// <param name="Severity">Whether the configuration can still be used.</param>
internal sealed record ConfigProblem(
    ConfigPosition Position,
    string Path,
    string What,
    string Remedy,
    ConfigSeverity Severity = ConfigSeverity.Error)
{
    /// <summary>One line: <c>sommelier.yaml:3:5: server.limits: what is wrong. Remedy.</c></summary>
    public override string ToString()
    {
        var where = Path.Length == 0 ? $"{Position}: " : $"{Position}: {Path}: ";
        var kind = Severity == ConfigSeverity.Warning ? "warning: " : "";
        var remedy = Remedy.Length == 0 ? "" : Remedy[^1] == '?' ? $" {Remedy}" : $" {Remedy}.";
        return $"{where}{kind}{What}.{remedy}";
    }
}

/// <summary>A place in a file. Lines and columns count from 1; line 0 stands for the file as a whole.</summary>
internal readonly record struct ConfigPosition(string File, int Line, int Column)
{
    /// <inheritdoc/>
    public override string ToString() => Line == 0 ? File : $"{File}:{Line}:{Column}";
}
