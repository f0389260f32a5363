namespace Sommelier.Configuration.Keys;

/// <summary>What a key's value is.</summary>
internal enum KeyKind
{
    /// <summary>Any text.</summary>
    Text,

    /// <summary>Text that must never be shown.</summary>
    Secret,

    /// <summary>An absolute http or https address.</summary>
    Url,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number.</summary>
    Number,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>A length of time: <c>500ms</c>, <c>30s</c>, <c>10m</c>, <c>2h</c>, <c>90d</c>.</summary>
    Duration,

    /// <summary>A number of bytes: <c>32MB</c>, <c>64KiB</c>, <c>1048576</c>.</summary>
    Size,

    /// <summary>A day: <c>2026-11-30</c>.</summary>
    Date,

    /// <summary>One of a few words.</summary>
    Choice,

    /// <summary>A list; a single value stands for a list of one.</summary>
    List,

    /// <summary>Keys with values of their own.</summary>
    Group,

    /// <summary>Whatever stands there; who asks for it reads the tree.</summary>
    Any,
}
