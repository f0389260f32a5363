namespace Sommelier.Wire;

/// <summary>Where one deployment's stream broke and another went on with the same answer.</summary>
/// <param name="From">Who broke off: <c>provider/model</c>.</param>
/// <param name="To">Who went on.</param>
public sealed record StreamSeam(string From, string To);
