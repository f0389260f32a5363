using Sommelier.Ledger;

namespace Sommelier.Accounts;

/// <summary>What an account may spend within a window. At least one of the two limits is set.</summary>
/// <param name="Window">How long it lasts.</param>
/// <param name="NanoUsd">Money, in nano-USD; null for no limit.</param>
/// <param name="Tokens">Tokens, input and output together; null for no limit.</param>
internal sealed record Budget(SpendWindow Window, long? NanoUsd, long? Tokens);
