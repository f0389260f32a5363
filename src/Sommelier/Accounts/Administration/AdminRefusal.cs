namespace Sommelier.Accounts.Administration;

/// <summary>An administrative act that was refused. Every text of it is ours: nothing that was sent is among them.</summary>
/// <param name="Actor">Who, as far as known: as in <see cref="AuditEntry"/>, or <see cref="Unknown"/>.</param>
/// <param name="Action">What was to be done, e.g. <c>key.create</c>.</param>
/// <param name="Subject">The id of the account, or what else was to be changed; empty where it is none of ours.</param>
/// <param name="Status">The HTTP status of the refusal.</param>
/// <param name="Reason">Why, e.g. <c>role_too_small</c>.</param>
/// <param name="Field">The field to blame; null for none.</param>
/// <param name="Address">Where the call came from; null where it has no address.</param>
internal sealed record AdminRefusal(string Actor, string Action, string Subject, int Status, string Reason, string? Field, string? Address)
{
    /// <summary>Somebody who showed nothing that is known here.</summary>
    public const string Unknown = "unknown";
}
