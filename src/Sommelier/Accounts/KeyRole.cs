namespace Sommelier.Accounts;

/// <summary>What a key opens. The first three open <c>/admin</c> and nothing else; a caller's key opens everything else and never <c>/admin</c>.</summary>
internal enum KeyRole
{
    /// <summary>Calls models.</summary>
    Caller,

    /// <summary>Reads accounts, spending and the audit log.</summary>
    Viewer,

    /// <summary>Also changes organisations, teams, callers' keys and budgets.</summary>
    Editor,

    /// <summary>Also makes and revokes keys of these three roles.</summary>
    Admin,
}
