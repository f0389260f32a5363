using Sommelier.Canonical;

namespace Sommelier.Accounts;

/// <summary>A key with the accounts above it, as a request needs them.</summary>
internal sealed class KnownKey
{
    /// <summary>Puts a key under its team and organisation.</summary>
    public KnownKey(KeyAccount key, Account? team, Account? organisation)
    {
        (Key, Team, Organisation) = (key, team, organisation);
        Account[] chain = [key, .. team is null ? [] : new[] { team }, .. organisation is null ? [] : new[] { organisation }];
        Limited = [.. chain.Where(account => !account.Limits.IsNone)];
        Facts = new(key.Name, team?.Name, organisation?.Name);
        Closed = Array.Find(chain, account => account.ClosedAt is not null);
    }

    /// <summary>The key.</summary>
    public KeyAccount Key { get; }

    /// <summary>Its team, or null.</summary>
    public Account? Team { get; }

    /// <summary>Its organisation, or null.</summary>
    public Account? Organisation { get; }

    /// <summary>Their names, for the conditions of policies.</summary>
    public CallerFacts Facts { get; }

    /// <summary>Those of the three that have limits; often none.</summary>
    public IReadOnlyList<Account> Limited { get; }

    /// <summary>The account that was closed, so that the key opens nothing; null when all are open.</summary>
    public Account? Closed { get; }
}
