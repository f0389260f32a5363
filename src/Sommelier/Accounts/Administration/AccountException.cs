namespace Sommelier.Accounts.Administration;

/// <summary>A change of accounts that cannot be made.</summary>
/// <param name="field">The field to blame, as the caller writes it, or null.</param>
/// <param name="message">What is wrong and what to do.</param>
internal sealed class AccountException(string? field, string message) : Exception(message)
{
    /// <summary>The field to blame, or null.</summary>
    public string? Field { get; } = field;

    /// <summary>Whether the account that was named is not there.</summary>
    public bool IsMissing { get; init; }

    /// <summary>There is no such account.</summary>
    public static AccountException Missing(string id) => new("id", $"There is no account '{(id.Length <= 80 ? id : id[..80])}'.") { IsMissing = true };
}
