namespace Sommelier.Gateway.Caching.Similar;

/// <summary>What a request says in its last turn, and all that it must share with another for the two to be compared.</summary>
/// <param name="Frame">Everything else of the request, its tenant first.</param>
/// <param name="Vector">What the turn says, as a vector of length one.</param>
internal sealed record SimilarTurn(AnswerKey Frame, float[] Vector);
