using Sommelier.Canonical;

namespace Sommelier.Wire;

/// <summary>What a writer of answers needs to know about the call.</summary>
public sealed record ReplyContext
{
    /// <summary>An id for the answer where the vendor gave none.</summary>
    public required string FallbackId { get; init; }

    /// <summary>The model's name for the answer where the vendor gave none.</summary>
    public required string Model { get; init; }

    /// <summary>When the answer is made, for formats that say so.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Whether the caller asked for token counts in the stream.</summary>
    public bool StreamUsage { get; init; }

    /// <summary>
    /// The cost of a usage in USD, for callers that sent a <c>sommelier</c> object: written beside the token counts of a
    /// stream. Null for everyone else.
    /// </summary>
    public Func<Usage, decimal?>? CostUsd { get; init; }

    /// <summary>Where another deployment went on with a stream that had broken, asked when the token counts are written; written beside the cost.</summary>
    public Func<StreamSeam?>? Seam { get; init; }

    /// <summary>
    /// Finds a tool that the caller offered by its function's name, null for none; itself null where the caller offered no
    /// tool that is more than a function.
    /// </summary>
    public Func<string, ToolDefinition?>? FindTool { get; init; }

    /// <summary>Whether the caller offered a tool of that name as one that takes text as it is.</summary>
    public bool IsCustomTool(string name) => FindTool?.Invoke(name)?.Custom is not null;

    /// <summary>What the caller's address said, for formats whose replies depend on it.</summary>
    public CallPath Path { get; init; }

    /// <summary>The caller's request, for formats whose answers repeat parts of it; empty where nobody has one.</summary>
    public ReadOnlyMemory<byte> Request { get; init; }

    /// <summary>Where the members of <see cref="Request"/> stand.</summary>
    public RequestOutline? Outline { get; init; }

    /// <summary>What was lost of the request on its way to whoever answers, in the caller's names: such settings are not in force.</summary>
    public IReadOnlyList<Warning> Losses { get; init; } = [];

    /// <summary>The form of the answer that was asked for, for formats that emulate it.</summary>
    public ResponseFormat? ResponseFormat { get; init; }
}
