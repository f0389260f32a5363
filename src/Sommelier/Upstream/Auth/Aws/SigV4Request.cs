namespace Sommelier.Upstream.Auth;

/// <summary>The parts of a request that a signature covers.</summary>
internal readonly ref struct SigV4Request
{
    /// <summary>The HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>The path as it is sent, i.e. escaped; it is escaped once more for the signature.</summary>
    public required ReadOnlySpan<char> Path { get; init; }

    /// <summary>The query as it is sent, without the question mark.</summary>
    public ReadOnlySpan<char> Query { get; init; }

    /// <summary>The headers that are signed, <c>host</c> among them; names in any case, a name may come several times.</summary>
    public required ReadOnlySpan<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>The body.</summary>
    public ReadOnlySpan<byte> Body { get; init; }
}

/// <summary>The headers that a signature adds.</summary>
/// <param name="Authorization">For <c>Authorization</c>.</param>
/// <param name="Date">For <c>X-Amz-Date</c>.</param>
/// <param name="ContentHash">For <c>X-Amz-Content-Sha256</c>.</param>
/// <param name="SecurityToken">For <c>X-Amz-Security-Token</c>; null for keys without one.</param>
internal readonly record struct SigV4Headers(string Authorization, string Date, string ContentHash, string? SecurityToken)
{
    /// <summary>Hides the signature and the token from whoever prints it.</summary>
    public override string ToString() => $"a signature of {Date}";
}
