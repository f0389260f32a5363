namespace Sommelier.Upstream.Auth;

/// <summary>What shows who we are for a while only.</summary>
internal interface IShortLived
{
    /// <summary>From when on it is refused; null: never.</summary>
    DateTimeOffset? ExpiresAt { get; }

    /// <summary>What tells two of them apart.</summary>
    string Secret { get; }
}
