namespace Sommelier.Ledger;

/// <summary>What the store keeps of one request.</summary>
/// <param name="Entry">What happened.</param>
/// <param name="Decision">Why, or null when nothing was decided.</param>
internal readonly record struct LedgerRecord(LedgerEntry Entry, ILedgerDecision? Decision);
