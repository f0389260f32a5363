namespace Sommelier.Accounts.Spending;

/// <summary>Lets requests through while the limits of every account above them allow it, whatever runs at the same time.</summary>
internal interface ISpendGate
{
    /// <summary>The least output that is worth asking a model for, in tokens.</summary>
    const int LeastOutputTokens = 256;

    /// <summary>Takes what a request may use from all accounts at once, or from none.</summary>
    /// <param name="accounts">Who pays.</param>
    /// <param name="ask">What it may use.</param>
    /// <param name="began">When the request began, which may be a while ago: budgets count it there, limits per minute now.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<SpendAnswer> ReserveAsync(IReadOnlyList<Account> accounts, SpendAsk ask, DateTimeOffset began, CancellationToken cancellationToken);

    /// <summary>Holds more for the same request: a second upstream call after a first one that has to be paid too.</summary>
    /// <param name="hold">What is held.</param>
    /// <param name="payers">The accounts of the hold with their budgets as they are now; of the same windows as when it was taken.</param>
    /// <param name="nanoUsd">How much more money.</param>
    /// <param name="tokens">How many more tokens.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when a budget does not afford it; what was held stays held.</returns>
    ValueTask<bool> ExtendAsync(SpendHold hold, IReadOnlyList<Account> payers, long nanoUsd, long tokens, CancellationToken cancellationToken);

    /// <summary>Gives back what was held and counts what was used. Exactly once per hold.</summary>
    ValueTask SettleAsync(SpendHold hold, long nanoUsd, long tokens);
}
