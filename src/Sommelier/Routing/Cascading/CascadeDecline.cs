namespace Sommelier.Routing.Cascading;

/// <summary>Why a request has no cascade although its policy has one. The list is closed.</summary>
internal enum CascadeDecline
{
    /// <summary>The caller named the model.</summary>
    Named,

    /// <summary>No other model may answer: policy or caller say so.</summary>
    NoFallback,

    /// <summary>It is a stream, and the policy does not hold streams.</summary>
    Stream,

    /// <summary>Tools have run, and what a model did with them cannot be taken back; or they are on offer, and the policy does not say that calls may be checked, or the host runs them.</summary>
    Tools,

    /// <summary>It has images or other media.</summary>
    Media,

    /// <summary>It asks for several answers, or began the answer itself.</summary>
    Form,

    /// <summary>None of the policy's checks is about such an answer.</summary>
    Unchecked,

    /// <summary>The conversation keeps another model, a better one was asked for, or an experiment chose.</summary>
    Kept,

    /// <summary>None of the models that may answer first passed the constraints.</summary>
    NoFirst,

    /// <summary>No other model is expected to answer better.</summary>
    NothingBetter,

    /// <summary>The judge did not pass the constraints, or is the model that it would judge.</summary>
    NoJudge,

    /// <summary>It would not stay within the costs that policy and caller allow.</summary>
    Cost,

    /// <summary>It would not stay within the time that policy and caller allow.</summary>
    Latency,

    /// <summary>A budget of the caller's does not afford it.</summary>
    Budget,

    /// <summary>The conversation is kept by a vendor, or one of the models is an application, which acts.</summary>
    Bound,
}
