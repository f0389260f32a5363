namespace Sommelier.Canonical;

/// <summary>Fields that we do not know, carried through untouched to a writer of the same wire format.</summary>
/// <remarks>A writer of another format reports each one as a <see cref="Warning"/>: nothing is lost silently.</remarks>
/// <param name="Format">The wire format that the fields came from, e.g. <c>openai-chat</c>.</param>
/// <param name="Fields">Name and raw JSON of each field, in the order in which they came.</param>
public sealed record Extra(string Format, IReadOnlyList<KeyValuePair<string, string>> Fields)
{
    /// <summary>
    /// More fields, that say only where a piece stands in its own format (ids, states) or what holds without them: written
    /// back like the others, and no loss in another format.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Marks { get; init; } = [];
}
