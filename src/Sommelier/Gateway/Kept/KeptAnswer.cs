namespace Sommelier.Gateway.Kept;

/// <summary>An answer that a caller may continue or fetch.</summary>
/// <param name="Id">Its id.</param>
/// <param name="CreatedAt">When it was kept.</param>
/// <param name="Input">All items that led to it, a JSON list.</param>
/// <param name="Response">The response object, as the caller got it.</param>
internal sealed record KeptAnswer(string Id, DateTimeOffset CreatedAt, ReadOnlyMemory<byte> Input, ReadOnlyMemory<byte> Response)
{
    /// <summary>The items of the answer that have an id, with their JSON.</summary>
    public IReadOnlyList<(string Id, string Json)> Items { get; init; } = [];
}
