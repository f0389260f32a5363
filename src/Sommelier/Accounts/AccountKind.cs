namespace Sommelier.Accounts;

/// <summary>Who can own a budget: each level holds those below it.</summary>
internal enum AccountKind
{
    /// <summary>A company or a department; holds teams.</summary>
    Organisation,

    /// <summary>Some people of an organisation; holds keys.</summary>
    Team,

    /// <summary>What a caller shows.</summary>
    Key,
}
