namespace Sommelier.Accounts;

/// <summary>An administrative act, or one that was refused: who did what to whom. Never holds a key.</summary>
/// <param name="Id">Its id; ids grow with time.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Actor">Who: a key's id, <c>oidc:SUBJECT</c>, <c>cli</c> or <c>start</c>.</param>
/// <param name="Action">What, e.g. <c>key.create</c>; <c>key.create.refused</c> was not done.</param>
/// <param name="Subject">Whose account, or what else was changed.</param>
/// <param name="Detail">The new state as JSON; of what was refused, why.</param>
internal sealed record AuditEntry(string Id, DateTimeOffset At, string Actor, string Action, string Subject, string Detail);
