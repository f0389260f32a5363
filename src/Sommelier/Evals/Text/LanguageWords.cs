namespace Sommelier.Evals.Text;

/// <summary>Frequent words that tell languages of one script apart.</summary>
internal static class LanguageWords
{
    /// <summary>The languages of scripts that have several.</summary>
    public static IReadOnlyDictionary<string, string[]> Scripts { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["latin"] = ["en", "es", "pt", "fr", "de", "it", "nl", "sv", "da", "no", "fi", "pl", "cs", "ro", "hu", "tr", "vi", "id", "sw", "ca"],
        ["cyrillic"] = ["bg", "ru", "mk"],
        ["devanagari"] = ["hi", "mr", "ne"],
    };

    /// <summary>The words of each, with blanks between them.</summary>
    public static IReadOnlyDictionary<string, string> Of { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["en"] = "the of and to in is you that it he was for on are with as his they at be this have from or had by but not what all were we when your can said there use an each which she do how their if will up other about out many then them these so some her would make like him into time has look two more write go see no way could people my than been who its now find did get come made may part it's i don't i'm you're",
        ["es"] = "el la los las de que y en un una es por con para no se su al del lo como más pero sus le ya o este sí porque esta entre cuando muy sin sobre también me hasta hay donde quien desde todo nos durante todos uno les ni contra otros ese eso ante ellos e esto mí antes algunos qué unos yo otro otras tanto esa estos mucho",
        ["pt"] = "o a os as de que e em um uma é por com para não se seu sua ao do da dos das no na nos nas como mais mas foi ele ela tem à são muito já está eu também só pelo pela até isso quando entre depois sem mesmo aos seus quem me esse eles você essa num nem suas meu às minha numa pelos elas qual nós lhe este",
        ["fr"] = "le la les de des du et à en un une est que qui dans pour ce il elle ne pas sur se au aux par plus avec son sa ses je vous nous mais ou où cette ces comme être avoir été sont fait tout tous leur leurs même aussi bien si sans peut c'est très entre y votre notre ils elles lui dont",
        ["de"] = "der die das und in zu den von mit ist des sich auf für nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man sein wurde ich wir ihr ihre kann wenn sehr diese dieser mir mich dich",
        ["it"] = "il lo la i gli le di che e un una in è per non si da con del della dei delle nel nella al alla sono come più ma ha anche o se questo questa mi ci ho suo sua loro essere ogni tutto tutti molto quando dove chi cosa così fare solo ai dal dalla alle sul sulla perché tra stato sia",
        ["nl"] = "de het een en van ik te dat die in is niet zijn op aan met als voor had er maar om hem dan zou of wat mijn men dit zo door over ze zich bij ook tot je mij uit der daar haar naar heb hoe heeft hebben deze u want nog zal me zij nu ge geen omdat iets worden toch al waren veel meer doen",
        ["sv"] = "och det att i en jag hon som han på den med var sig för så till är men ett om hade de av icke mig du henne då sin nu har inte hans honom skulle hennes där min man ej vid kunde något från ut när efter upp vi dem vara vad över än dig kan sina här ha mot alla under någon eller allt mycket",
        ["da"] = "og i jeg det at en den til er som på de med han af for ikke der var mig sig men et har om vi min havde ham hun nu over da fra du ud sin dem os op man hans hvor eller hvad skal selv her alle vil blev kunne ind når være dog noget ville jo deres efter ned skulle denne end dette mit også under",
        ["no"] = "og i jeg det at en et den til er som på de med han av ikke der så var meg seg men ett har om vi min mitt ha hadde hun nå over da ved fra du ut sin dem oss opp man kan hans hvor eller hva skal selv her alle vil bli ble blitt kunne inn når være kom noen noe ville dere deres kun ja etter ned skulle",
        ["fi"] = "ja on ei se että oli hän joka mutta kun niin tai mitä kuin myös ovat hänen olen sen tämä minä sinä me te he ole voi vain jos nyt siitä sitä tässä mukaan jo kanssa olla vielä ennen jotka kaikki joita tämän hyvin koko sekä ollut minun sinun mikä miten siis minulla on meidän teidän että eivät",
        ["pl"] = "i w nie na się z do to że jest o jak a po co tak za od ale czy przez dla jego już tylko być może są był jej ich która które który go mi lub ze pod oraz przed przy więc gdy bardzo można jeszcze tego tym tej mnie ma ja ty my wy oni jako także",
        ["cs"] = "a se v na je že s z do o k i to ale za by pro tak po jsem jako jsou od které který která ve nebo jeho byl bylo byla být už jen co jak má pod při až ze také když však ještě není si podle před může tento této kde ten aby",
        ["ro"] = "și în de la a cu pe un o nu este că din se mai pentru sunt ce prin sau ca lui au fost care după dar fi ar această acest iar am ai cele cel foarte fiind între până dacă când unei unui lor sa său cum",
        ["hu"] = "a az és hogy nem is egy ez csak meg már de van volt én ha mint még el ő ki mi azt ezt minden most kell vagy nagyon lesz itt ott mert pedig majd olyan lehet után között amely aki azonban során valamint",
        ["tr"] = "ve bir bu da de için ile çok ne o ben sen daha gibi var mı mi ama olarak en kadar sonra olan ki değil her ya şey bana onu diye ise hem veya beni sana bunu şu iki olduğunu oldu göre yok neden nasıl",
        ["vi"] = "và của là có không được cho các một những trong với người này để khi đã tôi bạn như về đến từ ra cũng nhưng vào rất nó thì sẽ nhiều trên lại phải làm đó họ hay hoặc chúng anh em chị theo nếu năm còn đi",
        ["id"] = "yang dan di dari untuk pada dengan ini itu dalam tidak adalah akan ke oleh juga ada saya kami kita anda mereka bisa atau sudah karena seperti lebih dapat telah tersebut menjadi bahwa hanya orang satu banyak secara agar saat kepada sebagai para",
        ["sw"] = "na ya wa kwa ni katika za la kuwa hii hiyo yake wake huo huu watu kama lakini au pia sana mimi wewe yeye sisi nyinyi wao kila mtu hivyo baada kabla kwamba ili bila hata cha vya moja wakati ambao ambayo lake yangu wangu yako wako yetu wetu si ndiyo hapana kwenye zaidi",
        ["ca"] = "el la els les de que i en un una és per amb no es al del com més però seu seva són aquest aquesta també ha ser hi ho dels pel quan molt sense entre fins on perquè tot jo va van havia fer seus tots altres això",
        ["bg"] = "и на да се за от не с в е са като по до това но си ще при или има те той тя ние вие аз че към без след само още може ги му им която който които което беше бяха много все така както със във преди между тези този тази",
        ["ru"] = "и в не на я что он с как это по но они мы к у из за то все она так его от же бы для вы о было только ее мне был или еще уже нет когда если может быть чтобы до при во там нас их чем себя под этот эта эти",
        ["mk"] = "и на да се за од не со во е сум како до ова но си ќе при или има тие тој таа ние вие јас дека кон без после само може го ги му им која кој кои што беше беа многу сите така",
        ["hi"] = "है हैं और का की के में से को पर यह वह एक नहीं कि ने भी हो था थे थी तो ही कर लिए इस उस जो या मैं आप हम वे कुछ साथ अपने अपनी करने किया गया रहा रही रहे होता होती जब तक बहुत क्या अगर तुम मेरे",
        ["mr"] = "आहे आहेत आणि मध्ये च्या ची चा चे नाही ते हे ही हा तो ती त्या या मी तुम्ही आपण आम्ही पण तर होते होता होती केले करा करून असे अशा काही एक व खूप साठी त्यांच्या आपल्या माझ्या झाले असतो असते वर की जे जर तसेच",
        ["ne"] = "छ छन् र मा को लाई ले हो यो त्यो पनि गर्न गर्ने भएको हुन्छ थियो तपाईं म हामी उनी छैन भने लागि साथ गरेको गर्छ एक धेरै तर कि हुन् वा भन्ने आफ्नो यस त्यस गरी नै अनि हुने तपाईंको हाम्रो मेरो छु छौं सक्छ",
    };
}
