#include "policy/notice/when_places.h"

#include "policy/base/buf.h"

#define COLUMNS_MAX 16
#define TABLES_MAX 64

/* The first row of a table, where it only has names. */
struct table_head {
	unsigned table, row;
	bool names;
	unsigned n;
	struct str cells[COLUMNS_MAX];
};

struct writer {
	struct arena *arena;
	struct buf buf;
	struct table_head heads[TABLES_MAX];
	size_t n_heads;
	bool open;            /* something is written */
	unsigned table, row;  /* of the line being written; 0: none */
};

static bool has_digit(struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (ascii_is_digit(text.p[i]))
			return true;
	}
	return false;
}

static bool is_ascii(struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		if ((unsigned char)text.p[i] >= 0x80)
			return false;
	}
	return true;
}

/* A line as text_fold would make it: what is ASCII needs no more than lower case. */
static void add_line(struct writer *writer, struct str line)
{
	line = str_trim(line);
	if (!is_ascii(line)) {
		buf_add(&writer->buf, text_fold(writer->arena, line).bare);
		return;
	}
	for (size_t i = 0; i < line.n; i++) {
		char c = ascii_lower(line.p[i]);

		buf_add_char(&writer->buf, c >= 0 && c < ' ' ? ' ' : c);
	}
}

static size_t count_cells(struct str line)
{
	size_t n = 1;

	for (size_t i = 0; i < line.n; i++)
		n += line.p[i] == '|';
	return n;
}

/* "Start | End" over "12 June | 13 June", drawn in a text: the names are told with the times. */
static void add_drawn_row(struct writer *writer, struct str head, struct str line)
{
	struct str name, cell;
	bool first = true;

	while (str_next_split(&line, '|', &cell)) {
		if (!first)
			buf_add_char(&writer->buf, SIGN_CELL);
		first = false;
		if (str_next_split(&head, '|', &name) && has_digit(cell)) {
			add_line(writer, name);
			buf_add_cstr(&writer->buf, ": ");
		}
		add_line(writer, cell);
	}
}

/* text_fold makes spaces of line breaks; here they count. */
static void add_block(struct writer *writer, const struct block *block)
{
	struct str rest = block->text, line, head = STR_NONE;
	bool first = true;

	if (str_find_char(rest, '\n', 0) == STR_NPOS) {
		buf_add(&writer->buf, block->folded.bare);
		return;
	}
	while (str_next_line(&rest, &line)) {
		if (!first)
			buf_add_char(&writer->buf, SIGN_LINE);
		first = false;
		if (head.n > 0 && has_digit(line) && count_cells(line) == count_cells(head)) {
			add_drawn_row(writer, head, line);
			continue;
		}
		if (!has_digit(line))
			head = count_cells(line) > 1 ? line : STR_NONE;
		add_line(writer, line);
	}
}

static struct table_head *head_of(struct writer *writer, unsigned table)
{
	for (size_t i = writer->n_heads; i-- > 0;) {
		if (writer->heads[i].table == table)
			return &writer->heads[i];
	}
	return NULL;
}

/* Notes a cell of a first row, or writes the name of the column before a cell below it. */
static void table_cell(struct writer *writer, const struct block *block)
{
	struct table_head *head = head_of(writer, block->table);

	if (head == NULL) {
		if (writer->n_heads == TABLES_MAX)
			return;
		head = &writer->heads[writer->n_heads++];
		*head = (struct table_head){ .table = block->table, .row = block->row, .names = true };
	}
	if (head->row == block->row) {
		head->names = head->names && !has_digit(block->text) && block->text.n < 60;
		head->n++;
		if (block->column < COLUMNS_MAX)
			head->cells[block->column] = block->folded.bare;
		return;
	}
	if (!head->names || head->n < 2 || block->column >= COLUMNS_MAX ||
	    head->cells[block->column].n == 0)
		return;
	buf_add(&writer->buf, head->cells[block->column]);
	buf_add_cstr(&writer->buf, ": ");
}

static void write_block(struct writer *writer, const struct block *block)
{
	bool cell = (block->flags & BLOCK_CELL) != 0 && block->table > 0;
	bool same_row = cell && writer->table == block->table && writer->row == block->row;

	if (block->text.n == 0)
		return;
	if (writer->open)
		buf_add_char(&writer->buf,
			     same_row                                ? SIGN_CELL
			     : (block->flags & BLOCK_HEADING) != 0    ? SIGN_HEADING
			     : cell && writer->table == block->table ? SIGN_LINE
								      : SIGN_BLOCK);
	writer->open = true;
	writer->table = cell ? block->table : 0;
	writer->row = cell ? block->row : 0;
	if (cell)
		table_cell(writer, block);
	add_block(writer, block);
}

struct str text_of_document(struct arena *arena, const struct document *document, unsigned wanted,
			    unsigned excluded)
{
	struct writer *writer = ARENA_NEW(arena, struct writer);

	writer->arena = arena;
	buf_init(&writer->buf, arena, TEXT_MAX);
	for (size_t i = 0; i < document->n_blocks; i++) {
		const struct block *block = &document->blocks[i];

		if ((block->flags & excluded) == 0 && (wanted == 0 || (block->flags & wanted) != 0))
			write_block(writer, block);
	}
	return buf_str(&writer->buf);
}
