namespace Sommelier.Upstream.Auth;

/// <summary>A token that whoever has it may use.</summary>
/// <param name="Value">The token. Never logged, never in an error.</param>
/// <param name="ExpiresAt">From when on it is refused.</param>
internal sealed record BearerToken(string Value, DateTimeOffset? ExpiresAt) : IShortLived
{
    /// <summary>The value of the header <c>Authorization</c>.</summary>
    public string Header { get; } = $"Bearer {Value}";

    /// <inheritdoc/>
    public string Secret => Value;

    /// <summary>Hides the token from whoever prints it.</summary>
    public override string ToString() => $"a token until {ExpiresAt:O}";
}
