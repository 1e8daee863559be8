#include "policy/message/wording.h"

/* Lists end with NULL. */
static const char *const reply_marks[] = {
	"re", "aw", "antw", "antwort", "sv", "vs", "ref", "rif", "r", "odp", "ynt", "yanit", "res",
	"resp", "ответ", "отв", "на", "відповідь", "回复", "回覆", "答复", "答覆", "返信",
	"답장", "회신", NULL,
};
static const char *const forward_marks[] = {
	"fw", "fwd", "wg", "tr", "rv", "enc", "i", "vb", "vl", "doorst", "pd", "ilt", "iletilen",
	"пересл", "переслано", "转发", "轉寄", "轉發", "転送", "전달", NULL,
};
static const char *const automatic_marks[] = {
	"automatic reply", "auto reply", "auto-reply", "autoreply", "auto response", "out of office",
	"auto", "automatische antwort", "abwesenheitsnotiz", "abwesend", "réponse automatique",
	"absence du bureau", "respuesta automática", "fuera de la oficina", "resposta automática",
	"risposta automatica", "fuori sede", "automatisch antwoord", "afwezig", "autosvar",
	"automatiskt svar", "automatyczna odpowiedź", "автоответ", "автоматический ответ",
	"автоматична відповідь", "otomatik yanit", "自动答复", "自动回复", "自動返信", "自動回覆",
	"자동 회신", NULL,
};

static const char *const originals[] = {
	"original message", "original appointment", "ursprüngliche nachricht", "originalnachricht",
	"originaltermin", "message d'origine", "message original", "mensaje original",
	"mensagem original", "messaggio originale", "oorspronkelijk bericht", "originalmeddelande",
	"ursprungligt meddelande", "oprindelig meddelelse", "opprinnelig melding",
	"wiadomość oryginalna", "oryginalna wiadomość", "исходное сообщение",
	"оригинальное сообщение", "вихідне повідомлення", "orijinal mesaj", "özgün ileti",
	"原始邮件", "邮件原件", "原始郵件", "元のメッセージ", "원본 메시지", "원본 메일", NULL,
};
static const char *const forwards[] = {
	"forwarded message", "begin forwarded message", "start of forwarded message",
	"forwarded by", "weitergeleitete nachricht", "anfang der weitergeleiteten nachricht",
	"message transféré", "début du message transféré", "début du message réexpédié",
	"mensaje reenviado", "inicio del mensaje reenviado", "mensagem encaminhada",
	"mensagem reencaminhada", "início da mensagem reencaminhada", "messaggio inoltrato",
	"inizio messaggio inoltrato", "doorgestuurd bericht", "begin doorgestuurd bericht",
	"vidarebefordrat meddelande", "vidarebefordrat brev", "videresendt meddelelse",
	"wiadomość przekazana dalej", "przekazana wiadomość", "пересылаемое сообщение",
	"пересланное сообщение", "начало переадресованного сообщения",
	"переслане повідомлення", "iletilmiş mesaj", "yönlendirilmiş ileti", "转发的邮件",
	"转发邮件信息", "已轉寄郵件", "転送されたメッセージ", "転送メッセージ", "전달된 메일",
	"전달된 메시지", NULL,
};

static const char *const attributions[] = {
	"wrote", "writes", "schrieb", "hat geschrieben", "a écrit", "escribió", "escreveu",
	"ha scritto", "schreef", "heeft geschreven", "skrev", "napisał", "napisała", "napisał(a)",
	"писал", "писала", "написал", "написала", "пише", "пишет", "написав", "написала(в)",
	"şunu yazdi", "tarihinde", "yazdi", "写道", "寫道", "のメール", "書きました", "작성", NULL,
};

static const char *const from_labels[] = {
	"from", "von", "de", "da", "van", "från", "fra", "od", "от", "от кого", "від", "kimden",
	"gönderen", "发件人", "寄件者", "差出人", "보낸 사람", "보낸사람", NULL,
};
static const char *const sent_labels[] = {
	"sent", "date", "gesendet", "datum", "envoyé", "date", "enviado", "enviado el", "fecha",
	"enviada em", "data", "inviato", "verzonden", "skickat", "sendt", "dato", "wysłano",
	"отправлено", "дата", "надіслано", "gönderildi", "gönderme tarihi", "tarih", "发送时间",
	"日期", "寄件日期", "已傳送", "送信日時", "日付", "보낸 날짜", "날짜", NULL,
};
static const char *const to_labels[] = {
	"to", "an", "à", "a", "para", "aan", "till", "til", "do", "кому", "kime", "alici", "收件人",
	"收件者", "宛先", "받는 사람", "받는사람", NULL,
};
static const char *const subject_labels[] = {
	"subject", "betreff", "objet", "asunto", "assunto", "oggetto", "onderwerp", "ämne", "emne",
	"temat", "тема", "konu", "主题", "主旨", "主題", "件名", "제목", NULL,
};

static const char *const footers[] = {
	"unsubscribe", "you are receiving this", "you received this", "you're receiving this",
	"why did i get this", "do not reply", "don't reply", "please do not respond",
	"unmonitored mailbox", "is not monitored", "all rights reserved", "©", "(c) 20",
	"privacy policy", "privacy statement", "manage your preferences", "email preferences",
	"registered office", "abmelden", "abbestellen", "sie erhalten diese", "nicht auf diese",
	"automatisch erstellt", "automatisch generiert", "impressum", "datenschutz",
	"geschäftsführer", "amtsgericht", "handelsregister", "désabonner", "désinscrire",
	"vous recevez ce", "ne pas répondre", "tous droits réservés", "darse de baja",
	"cancelar la suscripción", "recibe este", "no responda", "todos los derechos",
	"cancelar a inscrição", "cancelar subscrição", "recebeu este", "está a receber",
	"não responda", "todos os direitos", "annulla l'iscrizione", "disiscri", "riceve questa",
	"ricevi questa", "non rispondere", "tutti i diritti", "afmelden", "uitschrijven",
	"u ontvangt dit", "u ontvangt deze", "niet beantwoorden", "alle rechten voorbehouden",
	"avregistrera", "avprenumerera", "du får det här", "svara inte", "alla rättigheter",
	"wypisz", "rezygnacja z subskrypcji", "otrzymujesz", "otrzymali państwo",
	"prosimy nie odpowiadać", "wszelkie prawa", "отписаться", "вы получили это",
	"не отвечайте на это", "все права защищены", "відписатися", "ви отримали цей",
	"не відповідайте на цей", "abonelikten çik", "bu e-postayi", "yanitlamayin",
	"tüm haklari", "退订", "取消订阅", "您收到此", "请勿回复", "版权所有", "配信停止",
	"購読解除", "このメールは", "返信しないで", "無断転載", "수신거부", "수신 거부", "발신 전용",
	"이 메일은", "회신하지", NULL,
};

static bool list_has(const char *const *list, struct str word)
{
	for (; *list != NULL; list++) {
		if (str_is(word, *list))
			return true;
	}
	return false;
}

static bool list_within(const char *const *list, struct str text)
{
	for (; *list != NULL; list++) {
		if (str_find(text, str_from(*list), 0) != STR_NPOS)
			return true;
	}
	return false;
}

/* The offset of the first colon, also the wide one (NFKC has made it a plain one already), and
 * the same word before it without a counter: "re[2]", "re (3)", "re^2". */
static size_t take_mark(struct str s, struct str *ret_mark)
{
	size_t colon = str_find_char(s, ':', 0), end;

	if (colon == STR_NPOS || colon > 60)
		return STR_NPOS;
	end = colon;
	while (end > 0 && (ascii_is_digit(s.p[end - 1]) || strchr("[]()^ ", s.p[end - 1]) != NULL))
		end--;
	*ret_mark = str_head(s, end);
	return colon;
}

/* "[ext]", "[list name]" before the prefixes. */
static struct str without_tags(struct str s)
{
	while (s.n > 0 && s.p[0] == '[') {
		size_t end = str_find_char(s, ']', 0);

		if (end == STR_NPOS || end > 60)
			break;
		s = str_trim(str_skip(s, end + 1));
	}
	return s;
}

unsigned wording_subject(struct str subject)
{
	unsigned marks = 0;
	struct str mark;
	size_t colon;

	subject = without_tags(str_trim(subject));
	for (int i = 0; i < 20 && (colon = take_mark(subject, &mark)) != STR_NPOS; i++) {
		if (list_has(reply_marks, mark))
			marks |= SUBJECT_REPLY;
		else if (list_has(forward_marks, mark))
			marks |= SUBJECT_FORWARD;
		else if (list_has(automatic_marks, mark))
			marks |= SUBJECT_AUTOMATIC;
		else
			break;
		subject = without_tags(str_trim(str_skip(subject, colon + 1)));
	}
	return marks;
}

static bool is_dash(char c)
{
	return c == '-' || c == '_' || c == '=' || c == '*' || c == ' ' || c == '>' || c == ':';
}

enum separator wording_separator(struct str line)
{
	struct str words = line;

	while (words.n > 0 && is_dash(words.p[0]))
		words = str_skip(words, 1);
	while (words.n > 0 && is_dash(words.p[words.n - 1]))
		words.n--;
	if (words.n == 0 || words.n == line.n)
		return SEPARATOR_NONE;
	/* Only the line of dashes makes it one: people write these words too. Apple's has a colon. */
	if (line.p[0] != '-' && line.p[0] != '_' && line.p[line.n - 1] != ':')
		return SEPARATOR_NONE;
	if (line.p[0] != words.p[0] && list_has(originals, words))
		return SEPARATOR_ORIGINAL;
	return list_has(forwards, words) ? SEPARATOR_FORWARD : SEPARATOR_NONE;
}

bool wording_attribution(struct str line)
{
	bool digit = false;

	line = str_trim(line);
	if (line.n < 8 || line.n > 400 || line.p[line.n - 1] != ':')
		return false;
	for (size_t i = 0; i < line.n; i++)
		digit = digit || ascii_is_digit(line.p[i]);
	if (!digit && str_find_char(line, '@', 0) == STR_NPOS)
		return false;
	return list_within(attributions, line);
}

enum header_label wording_header_label(struct str line)
{
	struct str mark;
	size_t colon;

	while (line.n > 0 && (line.p[0] == '*' || line.p[0] == ' '))
		line = str_skip(line, 1);
	colon = str_find_char(line, ':', 0);
	if (colon == STR_NPOS || colon > 40)
		return LABEL_NONE;
	mark = str_head(line, colon);
	while (mark.n > 0 && (mark.p[mark.n - 1] == '*' || mark.p[mark.n - 1] == ' '))
		mark.n--;
	if (list_has(from_labels, mark))
		return LABEL_FROM;
	if (list_has(sent_labels, mark))
		return LABEL_SENT;
	if (list_has(subject_labels, mark))
		return LABEL_SUBJECT;
	return list_has(to_labels, mark) ? LABEL_TO : LABEL_NONE;
}

bool wording_footer(struct str text)
{
	return list_within(footers, text);
}
